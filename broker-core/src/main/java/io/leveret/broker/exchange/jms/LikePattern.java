package io.leveret.broker.exchange.jms;

import java.util.Arrays;

/**
 * A pattern of LIKE: {@code _} stands for one character, {@code %} for any number, an escape character takes the meaning from
 * the one behind it. Matching takes at most as many steps as the lengths of text and pattern multiplied.
 */
final class LikePattern {
    /** Bounds what a message may cost. */
    static final int LONGEST = 1024;

    private static final int ONE = -1;
    private static final int MANY = -2;

    private final int[] parts;

    private LikePattern(int[] parts) {
        this.parts = parts;
    }

    /**
     * @param escape the escape character, -1 for none
     * @throws InvalidSelectorException if the pattern is too long
     */
    static LikePattern of(String pattern, int escape) {
        if (pattern.length() > LONGEST) {
            throw new InvalidSelectorException("a pattern of " + pattern.length() + " characters");
        }
        int[] parts = new int[pattern.length()];
        int count = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char character = pattern.charAt(i);
            if (character == escape && i + 1 < pattern.length()) {
                parts[count++] = pattern.charAt(++i);
            } else {
                parts[count++] = character == '_' ? ONE : character == '%' ? MANY : character;
            }
        }
        return new LikePattern(Arrays.copyOf(parts, count));
    }

    boolean matches(String text) {
        int at = 0;
        int part = 0;
        int lastMany = -1;
        int afterLastMany = 0;
        while (at < text.length()) {
            if (part < parts.length && parts[part] == MANY) {
                lastMany = part++;
                afterLastMany = at;
            } else if (part < parts.length && (parts[part] == ONE || parts[part] == text.charAt(at))) {
                part++;
                at++;
            } else if (lastMany >= 0) {
                part = lastMany + 1;
                at = ++afterLastMany;
            } else {
                return false;
            }
        }
        while (part < parts.length && parts[part] == MANY) {
            part++;
        }
        return part == parts.length;
    }
}
