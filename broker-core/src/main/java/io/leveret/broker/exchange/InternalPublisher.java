package io.leveret.broker.exchange;

import io.leveret.broker.message.Message;

/**
 * Publishes what the broker itself sends on: delayed messages that are due, messages that an exchange has kept for a new
 * queue. No permission is asked for, nothing is confirmed or returned. Any thread; what one thread publishes keeps its order
 * in each queue.
 */
public interface InternalPublisher {

    /**
     * Routes a message as if it had just been published to the exchange, by its own routing key, CC and BCC. One that the
     * journal of the calling loop has is settled there when all queues it goes to have it for good.
     */
    void publish(Exchange exchange, Message message);

    /** Puts a message into one queue. */
    void enqueue(QueueDestination queue, Message message);
}
