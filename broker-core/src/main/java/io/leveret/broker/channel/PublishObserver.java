package io.leveret.broker.channel;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.FieldTable;

/**
 * Watches what clients publish, to trace messages for example. It changes nothing, and it is not asked about what the broker
 * publishes itself: dead letters, delayed messages, the firehose.
 *
 * <p>Called on the loop of the client's connection, so it must not block; for several connections at the same time. What it
 * throws ends the connection with 541.
 */
@FunctionalInterface
public interface PublishObserver {
    /**
     * A message has come, whole, and is about to be checked and routed.
     *
     * @param headers as the client sent them; empty when they can't be read, for which the message is about to be refused
     */
    Publication published(String vhost, String exchange, String routingKey, FieldTable headers);

    /** One message on its way. One of the methods is called before the next message of the connection is looked at. */
    interface Publication {
        /**
         * It was handed to the queues; in a transaction, it will be when that is committed.
         *
         * @param queues how many; 0 if it was dropped or goes back
         */
        void routed(int queues);

        /**
         * It was refused, and its channel or connection is closed.
         *
         * @param reason an {@link AmqpError} with what the client is told, or what made the broker answer 541
         */
        void refused(RuntimeException reason);
    }
}
