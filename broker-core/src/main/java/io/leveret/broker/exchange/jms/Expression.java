package io.leveret.broker.exchange.jms;

import io.leveret.broker.message.FieldTable;
import org.jspecify.annotations.Nullable;

/** A part of a selector. Immutable; any thread. */
@FunctionalInterface
interface Expression {
    /**
     * Its value for a message with these headers: a {@link Boolean}, {@link Long}, {@link Double} or {@link String}; null for
     * what is not known, which is SQL's third truth value.
     */
    @Nullable Object evaluate(FieldTable headers);
}
