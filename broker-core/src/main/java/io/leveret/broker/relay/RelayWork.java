package io.leveret.broker.relay;

/** A message that one loop has to send on when its turn comes. */
public interface RelayWork {

    /** Sends it on; called once, on the loop of that relay. */
    void run(LoopRelay relay);

    /** The memory it stands for while it waits, in bytes; always the same. */
    int bytes();
}
