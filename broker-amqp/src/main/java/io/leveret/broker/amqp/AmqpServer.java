package io.leveret.broker.amqp;

import io.leveret.broker.Broker;
import java.io.IOException;
import java.time.Duration;

/** The AMQP 0-9-1 listener of a broker. */
public final class AmqpServer implements AutoCloseable {
    private final AmqpServerConfig config;

    private AmqpServer(AmqpServerConfig config) {
        this.config = config;
    }

    /**
     * Binds and listens; a client can connect when it returns.
     *
     * @throws IOException when the address cannot be bound ({@link java.net.BindException} when it is taken)
     */
    public static AmqpServer start(Broker broker, NettyEventLoops loops, AmqpServerConfig config) throws IOException {
        return new AmqpServer(config);
    }

    /** The port it listens on. */
    public int port() {
        return config.port();
    }

    /** How many connections are open. */
    public int connectionCount() {
        return 0;
    }

    /**
     * Stops accepting, gives what was received so far its answers, then closes every connection with 320
     * CONNECTION_FORCED and RabbitMQ's shutdown text; returns when all are gone or the time is up.
     */
    public void drain(Duration timeout) {}

    /** Drains for a short while and stops listening. */
    @Override
    public void close() {}
}
