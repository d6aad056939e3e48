package io.leveret.broker.relay;

import io.leveret.broker.message.Message;

/** A message that one loop has to send on when its turn comes. */
public interface RelayWork {

    /** Sends it on; called once, on the loop of that relay. */
    void run(LoopRelay relay);

    /** The memory it stands for while it waits, in bytes; always the same. */
    int bytes();

    /**
     * Where the journal of that loop has what it is sent on from, to be settled when it is where it belongs, or goes nowhere;
     * {@link Message#NOWHERE} if the journal does not know it.
     */
    default long place() {
        return Message.NOWHERE;
    }
}
