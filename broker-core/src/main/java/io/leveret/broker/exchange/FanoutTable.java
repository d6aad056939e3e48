package io.leveret.broker.exchange;

/** The bindings of a fanout exchange: every one matches. */
final class FanoutTable implements RoutingKeyTable {
    private final CountedSet<Destination> destinations = new CountedSet<>();

    @Override
    public void add(Binding binding) {
        destinations.add(binding.destination());
    }

    @Override
    public void remove(Binding binding) {
        destinations.remove(binding.destination());
    }

    @Override
    public void match(String routingKey, DestinationSink sink) {
        giveAll(destinations, sink);
    }

    @Override
    public void route(RoutedMessage message, DestinationSink sink) {
        giveAll(destinations, sink);
    }

    static void giveAll(CountedSet<Destination> destinations, DestinationSink sink) {
        for (CountedSet.Entry<Destination> entry = destinations.first(); entry != null; entry = entry.next()) {
            sink.accept(entry.element());
        }
    }
}
