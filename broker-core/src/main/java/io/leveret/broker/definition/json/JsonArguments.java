package io.leveret.broker.definition.json;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.text.Utf8;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of queues, exchanges and bindings as JSON has them. The types are those that RabbitMQ gives them
 * (rabbit_misc: to_amqp_table): long, longstr, bool, double, table, array. JSON's null, which RabbitMQ writes for void but
 * refuses to read, is void.
 */
final class JsonArguments {
    private static final int MAX_KEY_BYTES = 255;

    private JsonArguments() {}

    /** @throws IllegalArgumentException when a key is too long for a field table */
    static FieldTable table(Map<?, ?> members) {
        if (members.isEmpty()) {
            return FieldTable.EMPTY;
        }
        Map<String, FieldValue> fields = new LinkedHashMap<>();
        members.forEach((key, value) -> fields.put(key((String) key), value(value)));
        return FieldTable.of(fields);
    }

    private static String key(String key) {
        if (Utf8.encode(key).length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the name of an argument has more than " + MAX_KEY_BYTES + " bytes: '" + key + "'");
        }
        return key;
    }

    private static FieldValue value(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return FieldValue.of(table(members));
        }
        if (value instanceof List<?> elements) {
            List<FieldValue> array = new ArrayList<>(elements.size());
            for (Object element : elements) {
                array.add(value(element));
            }
            return FieldValue.of(array);
        }
        if (value instanceof String text) {
            return FieldValue.of(text);
        }
        if (value instanceof Long number) {
            return FieldValue.of(number);
        }
        if (value instanceof Double number) {
            return new FieldValue('d', number);
        }
        if (value instanceof Boolean flag) {
            return FieldValue.of(flag);
        }
        return new FieldValue('V', null);
    }
}
