package io.leveret.broker.exchange.jms;

import org.jspecify.annotations.Nullable;

/** SQL's logic of three values; what is neither true nor false is unknown. */
final class Logic {
    private Logic() {}

    static @Nullable Object not(@Nullable Object value) {
        return value instanceof Boolean known ? (Boolean) !known : null;
    }

    static @Nullable Object and(@Nullable Object a, @Nullable Object b) {
        if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
            return false;
        }
        return Boolean.TRUE.equals(a) && Boolean.TRUE.equals(b) ? Boolean.TRUE : null;
    }

    static @Nullable Object or(@Nullable Object a, @Nullable Object b) {
        if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
            return true;
        }
        return Boolean.FALSE.equals(a) && Boolean.FALSE.equals(b) ? Boolean.FALSE : null;
    }
}
