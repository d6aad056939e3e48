package io.leveret.broker.autoconfigure.metrics;

import io.leveret.broker.Broker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The broker's meters, in as many registries as want them. Virtual hosts and queues get theirs when they come and lose them when
 * they go. Reading one waits for nobody.
 */
final class BrokerMetrics implements MeterBinder, AutoCloseable {
    private final Broker broker;
    private final @Nullable Pattern queues;
    private final List<BrokerMeters> bound = new CopyOnWriteArrayList<>();

    /** @param queues which queues have meters of their own; null for none */
    BrokerMetrics(Broker broker, @Nullable Pattern queues) {
        this.broker = broker;
        this.queues = queues;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        BrokerMeters meters = new BrokerMeters(broker, queues, registry);
        bound.add(meters);
        broker.addTopologyListener(meters).join();
    }

    /** For a broker that outlives the context. */
    @Override
    public void close() {
        bound.forEach(broker::removeTopologyListener);
        bound.clear();
    }
}
