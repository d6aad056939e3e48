package io.leveret.broker.channel;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.Message;

/** What a channel says to its client on its own account. Called on the channel's loop; nothing here blocks or fails. */
public interface ChannelOutput {

    /** The number of the channel. */
    int number();

    /**
     * Sends a message to a consumer.
     *
     * @param consumerTag the tag as {@code shortstr}, length octet first
     */
    void deliver(byte[] consumerTag, long deliveryTag, boolean redelivered, Message message);

    /** Gives an unroutable mandatory message back: 312 NO_ROUTE. */
    void returned(Message message);

    /** Acknowledges a publish, or all up to it. */
    void confirmed(long publishTag, boolean multiple);

    /** Refuses a publish. */
    void refused(long publishTag);

    /** Tells the client that a consumer's queue is gone, if it wants to be told. */
    void consumerCancelled(String consumerTag);

    /** Closes the channel with an error that no request has caused. */
    void failed(AmqpError error);
}
