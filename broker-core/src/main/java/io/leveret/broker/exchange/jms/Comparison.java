package io.leveret.broker.exchange.jms;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of two values: numbers by value whatever their types, texts character by character, and values of different kinds in
 * Erlang's order, in which numbers come before truth values and these before texts. Unknown if one of them is.
 */
enum Comparison {
    EQUAL,
    UNEQUAL,
    BELOW,
    AT_MOST,
    ABOVE,
    AT_LEAST;

    static Comparison of(String operator) {
        return switch (operator) {
            case "=" -> EQUAL;
            case "<>" -> UNEQUAL;
            case "<" -> BELOW;
            case "<=" -> AT_MOST;
            case ">" -> ABOVE;
            default -> AT_LEAST;
        };
    }

    @Nullable Object test(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return null;
        }
        if (isNaN(a) || isNaN(b)) {
            return this == UNEQUAL;
        }
        int order = compare(a, b);
        return switch (this) {
            case EQUAL -> order == 0;
            case UNEQUAL -> order != 0;
            case BELOW -> order < 0;
            case AT_MOST -> order <= 0;
            case ABOVE -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }

    private static boolean isNaN(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    private static int compare(Object a, Object b) {
        if (a instanceof Number first && b instanceof Number second) {
            return compareNumbers(first, second);
        }
        if (a instanceof String first && b instanceof String second) {
            return first.compareTo(second);
        }
        if (a instanceof Boolean first && b instanceof Boolean second) {
            return first.compareTo(second);
        }
        return Integer.compare(rank(a), rank(b));
    }

    private static int rank(Object value) {
        return value instanceof Number ? 0 : value instanceof Boolean ? 1 : 2;
    }

    private static int compareNumbers(Number a, Number b) {
        if (a instanceof Long first && b instanceof Long second) {
            return first.compareTo(second);
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        if (a instanceof Double && b instanceof Double || Double.isInfinite(x) || Double.isInfinite(y)) {
            // 0.0 equals -0.0
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return decimal(a).compareTo(decimal(b));
    }

    private static BigDecimal decimal(Number number) {
        return number instanceof Long integer ? BigDecimal.valueOf(integer) : new BigDecimal(number.doubleValue());
    }
}
