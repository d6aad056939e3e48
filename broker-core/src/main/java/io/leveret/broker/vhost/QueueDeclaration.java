package io.leveret.broker.vhost;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.FieldTable;
import org.jspecify.annotations.Nullable;

/**
 * What {@code queue.declare} asks for.
 *
 * @param name never empty; see {@link VirtualHost#newQueueName}
 * @param connection who declares, and owns the queue if it is exclusive
 * @param home the loop that owns the queue if it is new: that of the declaring connection, which most likely uses it
 */
public record QueueDeclaration(
        String name,
        boolean durable,
        boolean exclusive,
        boolean autoDelete,
        FieldTable arguments,
        @Nullable Object connection,
        EventLoop home) {}
