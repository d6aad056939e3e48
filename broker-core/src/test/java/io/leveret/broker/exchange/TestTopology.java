package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A virtual host's worth of exchanges and queues for routing tests. */
public final class TestTopology {
    public static final Supplier<FieldTable> NO_HEADERS = () -> FieldTable.EMPTY;

    private final Map<String, Exchange> exchanges = new HashMap<>();
    private final Map<String, Queue> queues = new HashMap<>();
    private final Router router = new Router(exchanges::get);
    private final Routes routes = new Routes();
    private final ExchangeHost host;

    public TestTopology() {
        this(ExchangeHost.NONE);
    }

    public TestTopology(ExchangeHost host) {
        this.host = host;
    }

    public record Queue(String name) implements QueueDestination {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    public Exchange exchange(String name, ExchangeType type) {
        return exchange(name, type, FieldTable.EMPTY);
    }

    public Exchange exchange(String name, ExchangeType type, FieldTable arguments) {
        Exchange exchange = new Exchange(name, "/", type, true, false, false, arguments, host, 0);
        exchanges.put(name, exchange);
        return exchange;
    }

    public Exchange withAlternate(String name, ExchangeType type, String alternate) {
        return exchange(name, type, table(Exchange.ALTERNATE_EXCHANGE, FieldValue.of(alternate)));
    }

    public Exchange defaultExchange() {
        return Exchange.defaultExchange("/", queues::get);
    }

    public Queue queue(String name) {
        return queues.computeIfAbsent(name, Queue::new);
    }

    public Binding bind(Exchange source, Destination destination, String key) {
        return bind(source, destination, key, FieldTable.EMPTY);
    }

    public Binding bind(Exchange source, Destination destination, String key, FieldTable arguments) {
        Binding binding = new Binding(source, destination, key, arguments);
        source.bind(binding);
        return binding;
    }

    /** The names of the queues for a message without headers, sorted and joined by blanks. */
    public String route(Exchange source, String key) {
        return route(source, key, null, NO_HEADERS);
    }

    public String route(Exchange source, String key, @Nullable List<String> extraKeys, Supplier<FieldTable> headers) {
        return names(routes(source, key, extraKeys, headers));
    }

    private static String names(Routes found) {
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < found.size(); i++) {
            if (!(found.get(i) instanceof MessageKeeper)
                    && !names.add(found.get(i).name())) {
                throw new AssertionError("twice: " + found.get(i).name());
            }
        }
        return String.join(" ", names);
    }

    /** The result itself, which the next call overwrites. */
    public Routes routes(Exchange source, String key, @Nullable List<String> extraKeys, Supplier<FieldTable> headers) {
        router.route(source, new TestMessage(key, extraKeys == null ? List.of() : extraKeys, headers), routes);
        return routes;
    }

    /** The names of the queues, sorted and joined by blanks; an exchange that keeps the message has it then. */
    public String route(Exchange source, RoutedMessage message) {
        router.route(source, message, routes);
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i) instanceof MessageKeeper keeper) {
                keeper.keep(message.message(), null, 0);
            }
        }
        return names(routes);
    }

    void fill(Routes out, Exchange source, RoutedMessage message) {
        router.route(source, message, out);
    }

    public static FieldTable table(String key, FieldValue value) {
        return FieldTable.of(Map.of(key, value));
    }
}
