package io.leveret.broker.channel;

import io.leveret.broker.error.AmqpError;

/** The socket side of a connection. Called on the connection's loop unless a method says otherwise. */
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

    /**
     * Ends the connection because the broker wants it to: the client is told the error, and {@link ClientConnection#close}
     * follows. Any thread; nothing happens to a connection that is ending already.
     */
    void forceClose(AmqpError error);
}
