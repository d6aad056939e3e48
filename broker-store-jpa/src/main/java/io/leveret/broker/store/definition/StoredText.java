package io.leveret.broker.store.definition;

/**
 * Text as every database can hold it. AMQP's names are any bytes: they may contain U+0000, which PostgreSQL has no room for,
 * and bytes that are not UTF-8, which are lone surrogates here (see {@link io.leveret.broker.text.Utf8}). Those are written as
 * U+001A and four hexadecimal digits, and so is U+001A itself; everything else stays as it is.
 */
final class StoredText {
    private static final char ESCAPE = '\u001A';
    private static final int DIGITS = 4;

    private StoredText() {}

    static String write(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ESCAPE || Character.isSurrogate(c)) {
                return escape(text);
            }
        }
        return text;
    }

    static String read(String stored) {
        int escaped = stored.indexOf(ESCAPE);
        if (escaped < 0) {
            return stored;
        }
        var text = new StringBuilder(stored.length());
        int done = 0;
        for (; escaped >= 0; escaped = stored.indexOf(ESCAPE, done)) {
            text.append(stored, done, escaped);
            done = escaped + 1 + DIGITS;
            text.append((char) Integer.parseInt(stored, escaped + 1, done, 16));
        }
        return text.append(stored, done, stored.length()).toString();
    }

    private static String escape(String text) {
        var stored = new StringBuilder(text.length() + 2 * DIGITS);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                stored.append(c).append(text.charAt(++i));
            } else if (c == 0 || c == ESCAPE || Character.isSurrogate(c)) {
                stored.append(ESCAPE).append("%04x".formatted((int) c));
            } else {
                stored.append(c);
            }
        }
        return stored.toString();
    }
}
