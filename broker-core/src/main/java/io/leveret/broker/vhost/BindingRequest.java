package io.leveret.broker.vhost;

import io.leveret.broker.message.FieldTable;
import org.jspecify.annotations.Nullable;

/**
 * What {@code queue.bind}, {@code exchange.bind} and their opposites ask for.
 *
 * @param toQueue whether the destination is a queue, not an exchange
 * @param connection who asks; an exclusive queue of another connection is refused
 */
public record BindingRequest(
        String source,
        String destination,
        boolean toQueue,
        String routingKey,
        FieldTable arguments,
        @Nullable Object connection) {}
