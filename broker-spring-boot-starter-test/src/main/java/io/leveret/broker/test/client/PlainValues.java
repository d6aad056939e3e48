package io.leveret.broker.test.client;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Field tables as maps of plain values. */
final class PlainValues {
    private PlainValues() {}

    /** In their order, without the fields that have no value. */
    static Map<String, Object> of(@Nullable FieldTable table) {
        Map<String, Object> plain = new LinkedHashMap<>();
        if (table != null) {
            table.asMap().forEach((key, value) -> {
                Object converted = of(value);
                if (converted != null) {
                    plain.put(key, converted);
                }
            });
        }
        return Collections.unmodifiableMap(plain);
    }

    private static @Nullable Object of(FieldValue field) {
        Object value = field.value();
        return switch (field.tag()) {
            case 'F' -> value instanceof FieldTable table ? of(table) : value;
            case 'A' -> field.asArray().stream().map(PlainValues::of).toList();
            case 'T' -> Instant.ofEpochSecond(field.asLong());
            case 'f' -> value instanceof Float number ? number.doubleValue() : value;
            default -> value;
        };
    }
}
