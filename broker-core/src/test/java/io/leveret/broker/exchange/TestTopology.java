package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A virtual host's worth of exchanges and queues for routing tests. */
final class TestTopology {
    private final Map<String, Exchange> exchanges = new HashMap<>();
    private final Map<String, Queue> queues = new HashMap<>();
    private final Router router = new Router(exchanges::get);
    private final Routes routes = new Routes();

    record Queue(String name) implements QueueDestination {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    Exchange exchange(String name, ExchangeType type) {
        return exchange(name, type, FieldTable.EMPTY);
    }

    Exchange exchange(String name, ExchangeType type, FieldTable arguments) {
        Exchange exchange = new Exchange(name, "/", type, true, false, false, arguments);
        exchanges.put(name, exchange);
        return exchange;
    }

    Exchange withAlternate(String name, ExchangeType type, String alternate) {
        return exchange(name, type, table(Exchange.ALTERNATE_EXCHANGE, FieldValue.of(alternate)));
    }

    Exchange defaultExchange() {
        return Exchange.defaultExchange("/", queues::get);
    }

    Queue queue(String name) {
        return queues.computeIfAbsent(name, Queue::new);
    }

    Binding bind(Exchange source, Destination destination, String key) {
        return bind(source, destination, key, FieldTable.EMPTY);
    }

    Binding bind(Exchange source, Destination destination, String key, FieldTable arguments) {
        Binding binding = new Binding(source, destination, key, arguments);
        source.bind(binding);
        return binding;
    }

    /** The names of the queues for a message without headers, sorted and joined by blanks. */
    String route(Exchange source, String key) {
        return route(source, key, null, HeadersSource.NONE);
    }

    String route(Exchange source, String key, @Nullable List<String> extraKeys, HeadersSource headers) {
        Routes found = routes(source, key, extraKeys, headers);
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < found.size(); i++) {
            if (!names.add(found.get(i).name())) {
                throw new AssertionError("twice: " + found.get(i).name());
            }
        }
        return String.join(" ", names);
    }

    /** The result itself, which the next call overwrites. */
    Routes routes(Exchange source, String key, @Nullable List<String> extraKeys, HeadersSource headers) {
        router.route(source, key, extraKeys, headers, routes);
        return routes;
    }

    static FieldTable table(String key, FieldValue value) {
        return FieldTable.of(Map.of(key, value));
    }
}
