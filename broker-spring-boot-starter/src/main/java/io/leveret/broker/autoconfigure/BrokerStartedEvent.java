package io.leveret.broker.autoconfigure;

import io.leveret.broker.Broker;
import org.springframework.context.ApplicationEvent;

/**
 * A broker is up and the context it belongs to has been refreshed. Published once to that context, before the application is
 * ready; clients could connect since before the first connection factory was made.
 */
public final class BrokerStartedEvent extends ApplicationEvent {
    private static final long serialVersionUID = 1L;

    private final transient Broker broker;
    private final int port;

    /** @param port the one it listens on for AMQP without TLS; -1 if there is none */
    public BrokerStartedEvent(Broker broker, int port) {
        super(broker);
        this.broker = broker;
        this.port = port;
    }

    /** The broker that is up. */
    public Broker broker() {
        return broker;
    }

    /** The port it listens on for AMQP without TLS; -1 if there is none. */
    public int port() {
        return port;
    }
}
