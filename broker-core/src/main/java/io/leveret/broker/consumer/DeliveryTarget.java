package io.leveret.broker.consumer;

import io.leveret.broker.message.Message;

/** Where a queue hands the messages of one consumer to. Called on the queue's loop only; calls arrive in order. */
public interface DeliveryTarget {

    /**
     * Takes over a message. The queue counts it as unacked until it is settled or comes back, unless the consumer takes
     * without acknowledgement.
     *
     * @param position the message's place in its queue with the marks of {@link Position}
     */
    void deliver(Message message, long position);

    /** The queue is gone and the consumer with it. */
    void cancelled();
}
