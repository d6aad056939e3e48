package io.leveret.broker.auth;

import java.util.Map;

/** Translates the regular expressions RabbitMQ's users write, which are PCRE's, where Java's syntax is another. */
final class PcreSyntax {
    private PcreSyntax() {}

    /**
     * The same expression for {@link java.util.regex.Pattern}, with {@code {variable}} replaced by its literal value.
     */
    static String toJava(String regex, Map<String, String> variables) {
        StringBuilder java = new StringBuilder(regex.length() + 16);
        int i = 0;
        while (i < regex.length()) {
            char c = regex.charAt(i);
            if (c == '\\') {
                int end = endOfEscape(regex, i);
                java.append(regex, i, end);
                i = end;
            } else if (c == '{') {
                i = brace(regex, i, variables, java);
            } else if (c == '[') {
                i = characterClass(regex, i, variables, java);
            } else {
                java.append(c);
                i++;
            }
        }
        return java.toString();
    }

    private static int endOfEscape(String regex, int start) {
        if (regex.startsWith("\\Q", start)) {
            int end = regex.indexOf("\\E", start + 2);
            return end < 0 ? regex.length() : end + 2;
        }
        // \x{41}, \p{L}: the braces are the escape's own
        if (start + 2 < regex.length()
                && "xpPkgNo".indexOf(regex.charAt(start + 1)) >= 0
                && regex.charAt(start + 2) == '{') {
            int end = regex.indexOf('}', start + 3);
            return end < 0 ? regex.length() : end + 1;
        }
        return Math.min(start + 2, regex.length());
    }

    private static int brace(String regex, int start, Map<String, String> variables, StringBuilder java) {
        int end = regex.indexOf('}', start);
        if (end > 0) {
            String inner = regex.substring(start + 1, end);
            String value = variables.get(inner);
            if (value != null) {
                appendLiteral(value, java);
                return end + 1;
            }
            if (isQuantifier(inner)) {
                java.append(regex, start, end + 1);
                return end + 1;
            }
        }
        java.append("\\{");
        return start + 1;
    }

    private static boolean isQuantifier(String inner) {
        int digits = 0;
        while (digits < inner.length() && isDigit(inner.charAt(digits))) {
            digits++;
        }
        if (digits == 0 || digits == inner.length()) {
            return digits > 0;
        }
        return inner.charAt(digits) == ',' && inner.chars().skip(digits + 1L).allMatch(c -> isDigit((char) c));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int characterClass(String regex, int start, Map<String, String> variables, StringBuilder java) {
        int i = start + 1;
        java.append('[');
        if (i < regex.length() && regex.charAt(i) == '^') {
            java.append('^');
            i++;
        }
        if (i < regex.length() && regex.charAt(i) == ']') {
            java.append("\\]");
            i++;
        }
        while (i < regex.length() && regex.charAt(i) != ']') {
            char c = regex.charAt(i);
            if (c == '\\') {
                int end = endOfEscape(regex, i);
                java.append(regex, i, end);
                i = end;
            } else if (regex.startsWith("[:", i) && regex.indexOf(":]", i) > 0) {
                int end = regex.indexOf(":]", i);
                java.append(posixClass(regex.substring(i + 2, end)));
                i = end + 2;
            } else if (c == '{') {
                i = brace(regex, i, variables, java);
            } else {
                if (c == '[' || c == '&') {
                    java.append('\\');
                }
                java.append(c);
                i++;
            }
        }
        if (i < regex.length()) {
            java.append(']');
            i++;
        }
        return i;
    }

    private static String posixClass(String name) {
        return switch (name) {
            case "alpha" -> "\\p{Alpha}";
            case "digit" -> "\\p{Digit}";
            case "alnum" -> "\\p{Alnum}";
            case "upper" -> "\\p{Upper}";
            case "lower" -> "\\p{Lower}";
            case "punct" -> "\\p{Punct}";
            case "graph" -> "\\p{Graph}";
            case "print" -> "\\p{Print}";
            case "blank" -> "\\p{Blank}";
            case "cntrl" -> "\\p{Cntrl}";
            case "xdigit" -> "\\p{XDigit}";
            case "space" -> "\\p{Space}";
            case "word" -> "\\w";
            default ->
                throw new IllegalArgumentException(
                        "invalid regular expression: unknown POSIX class name '" + name + "'");
        };
    }

    private static void appendLiteral(String value, StringBuilder java) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 128 && !Character.isLetterOrDigit(c)) {
                java.append('\\');
            }
            java.append(c);
        }
    }
}
