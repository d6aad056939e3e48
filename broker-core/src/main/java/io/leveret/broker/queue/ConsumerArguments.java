package io.leveret.broker.queue;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.Set;

/**
 * The arguments of a consumer of a classic queue.
 *
 * @param priority {@value #X_PRIORITY}, 0 if absent, cut to the range of an int. The higher one is served first
 */
public record ConsumerArguments(int priority) {
    public static final String X_PRIORITY = "x-priority";

    private static final Set<String> NOT_FOR_CLASSIC =
            Set.of("x-stream-offset", "x-stream-filter", "x-stream-match-unfiltered", "x-consumer-timeout");

    /**
     * Reads the arguments of a new consumer; those that RabbitMQ doesn't know are ignored.
     *
     * @throws AmqpError 406 with RabbitMQ's text for the first bad argument
     */
    public static ConsumerArguments parse(String vhost, String queue, FieldTable arguments) {
        ArgumentCheck check = new ArgumentCheck(QueueArguments.resource(vhost, queue), arguments, NOT_FOR_CLASSIC);
        FieldValue priority = check.integer(X_PRIORITY);
        check.refuseOthers("rabbit_classic_queue");
        return new ConsumerArguments(priority == null ? 0 : clamped(priority.asLong()));
    }

    private static int clamped(long priority) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, priority));
    }
}
