package io.leveret.broker.autoconfigure.metrics;

import io.leveret.broker.Broker;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageEvent;
import io.leveret.broker.vhost.TopologyListener;
import io.leveret.broker.vhost.VirtualHost;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The meters of one registry. All on the thread that tells of changes. */
final class BrokerMeters implements TopologyListener {
    private static final String MESSAGES = "messages";

    private final Broker broker;
    private final @Nullable Pattern queues;
    private final MeterRegistry registry;
    /** By what they are about. */
    private final Map<Object, List<Meter>> registered = new HashMap<>();

    BrokerMeters(Broker broker, @Nullable Pattern queues, MeterRegistry registry) {
        this.broker = broker;
        this.queues = queues;
        this.registry = registry;
    }

    @Override
    public void virtualHostAdded(VirtualHost vhost) {
        if (registered.containsKey(vhost)) {
            return;
        }
        String name = vhost.name();
        MetersOf<VirtualHost> meters = new MetersOf<>("broker.", vhost, tags(name));
        meters.gauge("connections", "connections", it -> broker.connections().countOfVirtualHost(name));
        meters.gauge("channels", "channels", it -> broker.connections().channelCountOfVirtualHost(name));
        meters.gauge("consumers", "consumers", it -> it.queueTotals().consumers());
        meters.gauge("messages.ready", MESSAGES, it -> it.queueTotals().ready());
        meters.gauge("messages.unacked", MESSAGES, it -> it.queueTotals().unacked());
        meters.counters((it, event) -> it.counts().get(event));
        meters.counter("returned", it -> it.counts().get(MessageEvent.RETURNED));
        registered.put(vhost, meters.all);
    }

    @Override
    public void queueAdded(QueueRef queue) {
        if (queues == null
                || registered.containsKey(queue)
                || !queues.matcher(queue.name()).find()) {
            return;
        }
        // names of their own: a meter has the same tags everywhere
        MetersOf<QueueRef> meters =
                new MetersOf<>("broker.queue.", queue, tags(queue.vhost()).and("queue", queue.name()));
        meters.gauge("consumers", "consumers", it -> it.glance().consumers());
        meters.gauge("messages.ready", MESSAGES, it -> it.glance().ready());
        meters.gauge("messages.unacked", MESSAGES, it -> it.glance().unacked());
        meters.counters((it, event) -> it.counts().get(event));
        registered.put(queue, meters.all);
    }

    @Override
    public void virtualHostRemoved(VirtualHost vhost) {
        remove(vhost);
    }

    @Override
    public void queueRemoved(QueueRef queue) {
        remove(queue);
    }

    private void remove(Object gone) {
        List<Meter> meters = registered.remove(gone);
        if (meters != null) {
            meters.forEach(registry::remove);
        }
    }

    private Tags tags(String vhost) {
        return Tags.of("broker", broker.config().name(), "vhost", vhost);
    }

    private interface Counts<T> {
        long get(T subject, MessageEvent event);
    }

    /** Registers the meters of one thing. */
    private final class MetersOf<T> {
        final List<Meter> all = new ArrayList<>();
        private final String prefix;
        private final T subject;
        private final Tags tags;

        MetersOf(String prefix, T subject, Tags tags) {
            this.prefix = prefix;
            this.subject = subject;
            this.tags = tags;
        }

        void gauge(String name, String unit, ToDoubleFunction<T> value) {
            all.add(Gauge.builder(prefix + name, subject, value)
                    .tags(tags)
                    .baseUnit(unit)
                    .register(registry));
        }

        void counter(String what, ToLongFunction<T> value) {
            all.add(FunctionCounter.builder(prefix + "messages." + what, subject, value::applyAsLong)
                    .tags(tags)
                    .baseUnit(MESSAGES)
                    .register(registry));
        }

        void counters(Counts<T> counts) {
            counter("published", it -> counts.get(it, MessageEvent.PUBLISHED));
            counter(
                    "delivered",
                    it -> counts.get(it, MessageEvent.DELIVERED)
                            + counts.get(it, MessageEvent.DELIVERED_NO_ACK)
                            + counts.get(it, MessageEvent.FETCHED)
                            + counts.get(it, MessageEvent.FETCHED_NO_ACK));
            counter("acked", it -> counts.get(it, MessageEvent.ACKED));
            counter("redelivered", it -> counts.get(it, MessageEvent.REDELIVERED));
            counter("deadlettered", it -> counts.get(it, MessageEvent.DEAD_LETTERED));
        }
    }
}
