package io.leveret.broker.exchange;

import io.leveret.broker.message.Message;

/** What stands for a queue in routing and keeps nothing: an address of direct reply-to. */
public interface PseudoQueue extends QueueDestination {

    /** Passes a message on, or drops it when nobody waits for it any more. Any thread; keeps the order of one thread. */
    void accept(Message message);
}
