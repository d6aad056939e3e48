package io.leveret.broker.exchange;

import org.jspecify.annotations.Nullable;

/**
 * Finds the queues for a message: follows bindings between exchanges and alternate exchanges, visits each exchange once
 * and names each queue once.
 *
 * <p>Owned by one event loop and reused for every message. Routing by keys alone takes nothing from the heap.
 */
public final class Router {
    private final ExchangeLookup exchanges;
    private final IdentityList<Exchange> visited = new IdentityList<>();
    private final Collector collector = new Collector();

    /** @param exchanges finds alternate exchanges of the virtual host for which this router works */
    public Router(ExchangeLookup exchanges) {
        this.exchanges = exchanges;
    }

    /** Routes one message; {@code out} holds the queues afterwards and nothing else. */
    public void route(Exchange source, RoutedMessage message, Routes out) {
        out.clear();
        if (!message.extraKeys().isEmpty()) {
            out.dependOnMoreThanKey();
        }
        collector.routes = out;
        try {
            visited.add(source);
            for (int i = 0; i < visited.size(); i++) {
                routeFrom(visited.get(i), message, out);
            }
        } finally {
            visited.clear();
            collector.routes = null;
        }
    }

    private void routeFrom(Exchange exchange, RoutedMessage message, Routes out) {
        collector.matched = false;
        exchange.route(message, collector);
        if (!exchange.routesByKeyAlone()) {
            out.dependOnMoreThanKey();
        }
        String alternate = exchange.alternateExchange();
        if (alternate != null && !collector.matched) {
            Exchange next = exchanges.exchange(alternate);
            if (next != null) {
                visited.add(next);
            }
        }
    }

    /** Sorts what the tables find into exchanges still to visit and queues. */
    private final class Collector implements DestinationSink {
        private @Nullable Routes routes;
        private boolean matched;

        @Override
        public void accept(Destination destination) {
            matched = true;
            if (destination instanceof QueueDestination queue && routes != null) {
                routes.add(queue);
            } else if (destination instanceof Exchange exchange) {
                visited.add(exchange);
            }
        }
    }
}
