package io.leveret.broker.exchange;

import java.util.concurrent.ConcurrentHashMap;

/** The bindings of a direct exchange: the routing key equals the binding key. */
final class DirectTable implements RoutingKeyTable {
    private final ConcurrentHashMap<String, CountedSet<Destination>> destinationsByKey = new ConcurrentHashMap<>();

    @Override
    public void add(Binding binding) {
        CountedSet<Destination> destinations = destinationsByKey.get(binding.routingKey());
        if (destinations != null) {
            destinations.add(binding.destination());
            return;
        }
        destinations = new CountedSet<>();
        destinations.add(binding.destination());
        destinationsByKey.put(binding.routingKey(), destinations);
    }

    @Override
    public void remove(Binding binding) {
        CountedSet<Destination> destinations = destinationsByKey.get(binding.routingKey());
        if (destinations == null) {
            return;
        }
        destinations.remove(binding.destination());
        if (destinations.isEmpty()) {
            destinationsByKey.remove(binding.routingKey());
        }
    }

    @Override
    public void match(String routingKey, DestinationSink sink) {
        CountedSet<Destination> destinations = destinationsByKey.get(routingKey);
        if (destinations != null) {
            FanoutTable.giveAll(destinations, sink);
        }
    }
}
