package io.leveret.broker.policy;

import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the value of a policy key may be, as JSON has it. */
record ValueRule(Predicate<@Nullable Object> allowed) {
    private static final Pattern AGE = Pattern.compile("0*[1-9][0-9]*[YMDhms]");

    static final ValueRule TEXT = new ValueRule(String.class::isInstance);
    static final ValueRule INTEGER = new ValueRule(Long.class::isInstance);
    static final ValueRule MAX_AGE = new ValueRule(
            value -> value instanceof String text && AGE.matcher(text).matches());

    static ValueRule atLeast(long min) {
        return between(min, Long.MAX_VALUE);
    }

    static ValueRule between(long min, long max) {
        return new ValueRule(value -> value instanceof Long number && number >= min && number <= max);
    }

    static ValueRule oneOf(Object... values) {
        Set<Object> known = Set.of(values);
        return new ValueRule(value -> value != null && known.contains(value));
    }

    boolean allows(@Nullable Object value) {
        return allowed.test(value);
    }
}
