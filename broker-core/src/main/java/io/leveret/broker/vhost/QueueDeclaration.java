package io.leveret.broker.vhost;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueArguments;
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
        EventLoop home) {

    /** The same with a type of queue. */
    QueueDeclaration withType(String type) {
        return new QueueDeclaration(
                name,
                durable,
                exclusive,
                autoDelete,
                arguments.with(QueueArguments.X_QUEUE_TYPE, FieldValue.of(type)),
                connection,
                home);
    }
}
