package io.leveret.broker.channel;

/** The socket side of a connection. Called on the connection's loop. */
public interface ConnectionOutput {

    /** The connection as RabbitMQ names it: {@code 127.0.0.1:52310 -> 127.0.0.1:5672}, the client first. */
    String name();

    /** Whether deliveries may be written; false while the client does not keep up. */
    boolean isWritable();

    /** Makes sure that {@link ClientConnection#endTurn} is called and what was written is sent, soon. */
    void flushSoon();

    /** Stops taking in more from the client until {@link #resumeReading}. */
    void suspendReading();

    void resumeReading();
}
