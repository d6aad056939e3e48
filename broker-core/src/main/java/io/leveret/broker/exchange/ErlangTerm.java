package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.text.ErlangText;
import io.leveret.broker.text.Utf8;
import java.math.BigDecimal;
import java.util.stream.Collectors;

/** Field values as the Erlang terms that shine through in RabbitMQ's error texts and in the names of its bindings. */
public final class ErlangTerm {
    private ErlangTerm() {}

    /** The value as between the quotes of an equivalence error: a string plainly, everything else printed. */
    public static String text(FieldValue value) {
        Object content = value.value();
        if (content instanceof String text) {
            return text;
        }
        if (content instanceof byte[] bytes) {
            return Utf8.decode(bytes, 0, bytes.length);
        }
        return print(value);
    }

    /** The value as Erlang's {@code ~tp} prints it. */
    public static String print(FieldValue value) {
        Object content = value.value();
        if (content == null) {
            return "undefined";
        }
        if (content instanceof String text) {
            return ErlangText.binary(Utf8.encode(text));
        }
        if (content instanceof byte[] bytes) {
            return ErlangText.binary(bytes);
        }
        if (content instanceof BigDecimal decimal) {
            return "{" + decimal.scale() + "," + decimal.unscaledValue() + "}";
        }
        if (content instanceof FieldTable table) {
            return table.asMap().entrySet().stream()
                    .map(field -> "{" + ErlangText.binary(Utf8.encode(field.getKey())) + ","
                            + field.getValue().typeName() + "," + print(field.getValue()) + "}")
                    .collect(Collectors.joining(",", "[", "]"));
        }
        if (value.tag() == 'A') {
            return value.asArray().stream()
                    .map(element -> "{" + element.typeName() + "," + print(element) + "}")
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return content.toString().replace('E', 'e');
    }
}
