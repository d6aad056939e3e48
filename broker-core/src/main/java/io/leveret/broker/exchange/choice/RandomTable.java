package io.leveret.broker.exchange.choice;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.DestinationSink;
import io.leveret.broker.exchange.RoutedMessage;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Any of the destinations, all as likely. */
class RandomTable implements BindingTable {
    private final Destinations destinations = new Destinations();

    @Override
    public final void add(Binding binding) {
        destinations.add(binding);
    }

    @Override
    public final void remove(Binding binding) {
        destinations.remove(binding);
    }

    @Override
    public final void route(RoutedMessage message, DestinationSink sink) {
        List<Binding> all = destinations.oldest();
        if (!all.isEmpty()) {
            int chosen = all.size() == 1 ? 0 : ThreadLocalRandom.current().nextInt(all.size());
            sink.accept(all.get(chosen).destination());
        }
    }

    @Override
    public final boolean routesByKeyAlone() {
        return false;
    }
}
