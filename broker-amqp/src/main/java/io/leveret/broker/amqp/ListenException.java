package io.leveret.broker.amqp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A port of an {@link AmqpServer} could not be bound; the cause is what the system said. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int port;
    private final boolean tls;

    ListenException(int port, boolean tls, @Nullable Throwable cause) {
        super("cannot listen on port " + port + (cause == null ? "" : ": " + cause.getMessage()), cause);
        this.port = port;
        this.tls = tls;
    }

    /** The port that was asked for. */
    public int port() {
        return port;
    }

    /** Whether it was to be the port with TLS. */
    public boolean isTls() {
        return tls;
    }
}
