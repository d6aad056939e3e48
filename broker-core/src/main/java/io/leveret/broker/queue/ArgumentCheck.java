package io.leveret.broker.queue;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of values that arguments of queues and consumers have, with RabbitMQ's wording for wrong ones.
 *
 * @param resource such as {@code queue 'q' in vhost '/'}
 * @param others the arguments that are for other types of queues: their values are not looked at
 */
record ArgumentCheck(String resource, FieldTable arguments, Set<String> others) {
    static final long ABSENT = -1;

    /** RabbitMQ's MAX_EXPIRY_TIMER: ten years of 365 days. */
    private static final long MAX_EXPIRY_MILLIS = 315_360_000_000L;

    @Nullable FieldValue find(String name) {
        return others.contains(name) ? null : arguments.get(name);
    }

    /** An integer of any tag, or null. */
    @Nullable FieldValue integer(String name) {
        FieldValue value = find(name);
        if (value != null && !value.isInteger()) {
            throw invalid(name, "\"expected integer, got " + value.typeName() + "\"");
        }
        return value;
    }

    /** An integer not below {@code min}, which is 0 or 1, or {@link #ABSENT}. */
    long integer(String name, int min) {
        FieldValue value = integer(name);
        if (value == null) {
            return ABSENT;
        }
        long number = value.asLong();
        if (number < 0) {
            throw invalid(name, "{value_negative," + number + "}");
        }
        if (number < min) {
            throw invalid(name, "{value_zero,0}");
        }
        return number;
    }

    /** A time in milliseconds not below {@code min}, which is 0 or 1, or {@link #ABSENT}. */
    long expiry(String name, int min) {
        long millis = integer(name, min);
        if (millis > MAX_EXPIRY_MILLIS) {
            throw invalid(name, "{value_too_large," + millis + "}");
        }
        return millis;
    }

    /** False if absent. */
    boolean bool(String name) {
        FieldValue value = find(name);
        if (value != null && value.tag() != 't') {
            throw unacceptableType(name, value);
        }
        return value != null && Boolean.TRUE.equals(value.value());
    }

    @Nullable FieldValue longString(String name) {
        FieldValue value = find(name);
        if (value != null && !value.isLongString()) {
            throw unacceptableType(name, value);
        }
        return value;
    }

    void oneOf(String name, Set<String> allowed, String term) {
        FieldValue value = longString(name);
        if (value != null && !allowed.contains(value.asString())) {
            throw invalid(name, term);
        }
    }

    /** Refuses arguments for other types of queues, which RabbitMQ does after it has found all values right. */
    void refuseOthers(String queueType) {
        for (String name : arguments.asMap().keySet()) {
            if (others.contains(name)) {
                throw AmqpError.preconditionFailed(
                        "invalid arg '" + name + "' for " + resource + " of queue type " + queueType);
            }
        }
    }

    AmqpError invalid(String name, String term) {
        return AmqpError.preconditionFailed("invalid arg '" + name + "' for " + resource + ": " + term);
    }

    private AmqpError unacceptableType(String name, FieldValue value) {
        return invalid(name, "{unacceptable_type," + value.typeName() + "}");
    }
}
