package io.leveret.broker.exchange.jms;

import org.jspecify.annotations.Nullable;

/** Calculations of selectors. Whole numbers become floating ones where they don't fit, and when they are divided. */
final class Arithmetic {
    private Arithmetic() {}

    static @Nullable Object positive(@Nullable Object value) {
        return value instanceof Number ? value : null;
    }

    static @Nullable Object negative(@Nullable Object value) {
        if (value instanceof Long number) {
            return number == Long.MIN_VALUE ? (Object) (-(double) number) : (Object) (-number);
        }
        return value instanceof Double number ? (Double) (-number) : null;
    }

    /** @return null if one of the values is unknown or no number */
    static @Nullable Object calculate(char sign, @Nullable Object a, @Nullable Object b) {
        if (!(a instanceof Number first) || !(b instanceof Number second)) {
            return null;
        }
        if (sign != '/' && first instanceof Long x && second instanceof Long y) {
            try {
                return switch (sign) {
                    case '+' -> Math.addExact(x, y);
                    case '-' -> Math.subtractExact(x, y);
                    default -> Math.multiplyExact(x, y);
                };
            } catch (ArithmeticException tooLarge) {
                return calculate(sign, (Object) (double) x, (Object) (double) y);
            }
        }
        double x = first.doubleValue();
        double y = second.doubleValue();
        return switch (sign) {
            case '+' -> x + y;
            case '-' -> x - y;
            case '*' -> x * y;
            default -> x / (y == 0 ? 0.0 : y);
        };
    }
}
