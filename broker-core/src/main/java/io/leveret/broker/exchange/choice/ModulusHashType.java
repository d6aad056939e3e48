package io.leveret.broker.exchange.choice;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.DestinationSink;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.RoutedMessage;
import java.util.Comparator;
import java.util.List;

/**
 * {@code x-modulus-hash}: each message goes to one destination, by the hash of all its routing keys modulo the number of
 * destinations, which are counted off in the order of their names. Binding keys mean nothing.
 */
public final class ModulusHashType implements ExchangeType {
    @Override
    public String name() {
        return "x-modulus-hash";
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        return new ModulusHashTable();
    }

    private static final class ModulusHashTable implements BindingTable {
        /** As RabbitMQ sorts them: exchanges before queues, each by name. */
        private static final Comparator<Destination> ORDER = Comparator.comparing(
                        (Destination destination) -> !(destination instanceof Exchange))
                .thenComparing(Destination::name);

        private final Destinations destinations = new Destinations();
        private volatile List<Destination> sorted = List.of();

        @Override
        public void add(Binding binding) {
            destinations.add(binding);
            sort();
        }

        @Override
        public void remove(Binding binding) {
            destinations.remove(binding);
            sort();
        }

        private void sort() {
            sorted = destinations.oldest().stream()
                    .map(Binding::destination)
                    .sorted(ORDER)
                    .toList();
        }

        @Override
        public void route(RoutedMessage message, DestinationSink sink) {
            List<Destination> all = sorted;
            if (all.isEmpty()) {
                return;
            }
            long hash = Hash.add(0, message.routingKey());
            List<String> extraKeys = message.extraKeys();
            for (int i = 0; i < extraKeys.size(); i++) {
                hash = Hash.add(Hash.mix(hash), extraKeys.get(i));
            }
            sink.accept(all.get((int) Long.remainderUnsigned(Hash.mix(hash), all.size())));
        }

        @Override
        public boolean routesByKeyAlone() {
            return true;
        }
    }
}
