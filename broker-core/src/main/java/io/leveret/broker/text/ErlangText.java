package io.leveret.broker.text;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Values as the Erlang terms that shine through in RabbitMQ's error texts. */
public final class ErlangText {
    private ErlangText() {}

    /** A binary as {@code ~tp} prints it: text if it is printable, with a mark if it isn't ASCII, else the octets. */
    public static String binary(byte[] bytes) {
        if (bytes.length == 0) {
            return "<<>>";
        }
        String text = Utf8.isValid(bytes, 0, bytes.length) ? Utf8.decode(bytes, 0, bytes.length) : "\0";
        StringBuilder printed = new StringBuilder("<<\"");
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            int escape = "\"\\\n\r\t\f\b".indexOf(character);
            if (escape >= 0) {
                printed.append('\\').append("\"\\nrtfb".charAt(escape));
            } else if (Character.isISOControl(character)) {
                return IntStream.range(0, bytes.length)
                        .mapToObj(index -> String.valueOf(bytes[index] & 0xFF))
                        .collect(Collectors.joining(",", "<<", ">>"));
            } else {
                printed.append(character);
            }
        }
        return printed.append(bytes.length == text.length() ? "\">>" : "\"/utf8>>")
                .toString();
    }

    /** A JSON value as RabbitMQ holds it: text is a binary, an object a map. */
    public static String json(@Nullable Object value) {
        if (value instanceof String text) {
            return binary(Utf8.encode(text));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ErlangText::json).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> json(entry.getKey()) + " => " + json(entry.getValue()))
                    .sorted()
                    .collect(Collectors.joining(",", "#{", "}"));
        }
        return String.valueOf(value).replace('E', 'e');
    }

    /** Settings as RabbitMQ lists them when it does not know them: a list of pairs, ordered by name. */
    public static String settings(Map<String, ?> settings) {
        return settings.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "{" + json(entry.getKey()) + "," + json(entry.getValue()) + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
