package io.leveret.broker.auth;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a permission, searched for anywhere in a name; the empty one stands for {@code ^$}. Equal
 * when the text is. Immutable; safe on any thread.
 *
 * <p>RabbitMQ uses PCRE: what Java reads in another way (a brace that isn't a quantifier, brackets and ampersands in a
 * class, other line ends than a newline) is translated, the rest is Java's syntax. A search gives up and counts as not
 * found after looking at {@value #MAX_STEPS} characters, some milliseconds, so that a pattern that backtracks without
 * end can't stop an event loop; RabbitMQ's limit works the same way with another number.
 */
public final class NamePattern {
    /** How many characters one search may look at; names have at most 255 of them. */
    static final int MAX_STEPS = 500_000;

    private final String regex;
    private final Map<String, String> variables;
    private final Pattern pattern;

    private NamePattern(String regex, Map<String, String> variables, Pattern pattern) {
        this.regex = regex;
        this.variables = variables;
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException when it isn't a regular expression; the text says what is wrong */
    public static NamePattern of(String regex) {
        return of(regex, Map.of());
    }

    /**
     * A pattern in which {@code {variable}} stands for the given value, literally.
     *
     * @throws IllegalArgumentException when it isn't a regular expression; the text says what is wrong
     */
    static NamePattern of(String regex, Map<String, String> variables) {
        String java = PcreSyntax.toJava(regex.isEmpty() ? "^$" : regex, variables);
        try {
            return new NamePattern(regex, variables, Pattern.compile(java, Pattern.UNIX_LINES));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("invalid regular expression '" + regex + "': " + e.getDescription(), e);
        }
    }

    /** Whether the pattern is found anywhere in the name. */
    public boolean matches(String name) {
        try {
            return pattern.matcher(new LimitedText(name)).find();
        } catch (TooManyStepsException e) {
            return false;
        }
    }

    /** The text the pattern was made of, variables not expanded. */
    public String regex() {
        return regex;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NamePattern that && regex.equals(that.regex) && variables.equals(that.variables);
    }

    @Override
    public int hashCode() {
        return regex.hashCode();
    }

    @Override
    public String toString() {
        return regex;
    }

    /** Counts how often the matcher looks at a character: backtracking does so at every step. */
    private static final class LimitedText implements CharSequence {
        private final String text;
        private int steps;

        LimitedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw new TooManyStepsException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooManyStepsException extends RuntimeException {
        TooManyStepsException() {
            super(null, null, false, false);
        }
    }
}
