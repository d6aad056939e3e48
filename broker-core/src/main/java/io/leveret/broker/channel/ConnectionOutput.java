package io.leveret.broker.channel;

/** The socket side of a connection. Called on the connection's loop. */
public interface ConnectionOutput {

    /** Whether deliveries may be written; false while the client does not keep up. */
    boolean isWritable();

    /** Makes sure that {@link ClientConnection#endTurn} is called and what was written is sent, soon. */
    void flushSoon();

    /** Stops taking in more from the client until {@link #resumeReading}. */
    void suspendReading();

    void resumeReading();
}
