package io.leveret.broker.exchange.choice;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.DestinationSink;
import io.leveret.broker.exchange.ErlangTerm;
import io.leveret.broker.exchange.RoutedMessage;
import io.leveret.broker.message.FieldValue;
import java.util.regex.Pattern;

/** The destinations of a consistent hash exchange with their weights. */
final class ConsistentHashTable implements BindingTable {
    private static final int MAX_WEIGHT = 10_000;
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    /** Longer numbers are out of bounds in any case. */
    private static final int LONGEST_NUMBER = 18;

    private final HashedValue value;
    private final String header;
    private final Destinations destinations = new Destinations();
    private volatile WeightedChoice choice = WeightedChoice.NONE;

    /** @param header the name of the header, if it is that which is hashed */
    ConsistentHashTable(HashedValue value, String header) {
        this.value = value;
        this.header = header;
    }

    @Override
    public void validate(Binding binding) {
        String key = binding.routingKey();
        if (!INTEGER.matcher(key).matches()) {
            throw AmqpError.preconditionFailed(
                    "The binding key must be an integer: " + ErlangTerm.print(FieldValue.of(key)));
        }
        long weight = weight(key);
        if (weight < 1) {
            throw AmqpError.preconditionFailed("The binding key must be greater than 0");
        }
        if (weight > MAX_WEIGHT) {
            throw AmqpError.preconditionFailed("The binding key must not exceed " + MAX_WEIGHT);
        }
    }

    static long weight(String key) {
        if (key.length() > LONGEST_NUMBER) {
            String digits = key.replaceFirst("^([+-]?)0+(?=[0-9])", "$1");
            if (digits.length() > LONGEST_NUMBER) {
                return digits.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            return Long.parseLong(digits);
        }
        return Long.parseLong(key);
    }

    @Override
    public void add(Binding binding) {
        destinations.add(binding);
        choice = WeightedChoice.among(destinations.oldest());
    }

    @Override
    public void remove(Binding binding) {
        destinations.remove(binding);
        choice = WeightedChoice.among(destinations.oldest());
    }

    @Override
    public void route(RoutedMessage message, DestinationSink sink) {
        WeightedChoice among = choice;
        if (!among.isEmpty()) {
            sink.accept(among.choose(Hash.of(value.in(message, header))));
        }
    }

    @Override
    public boolean routesByKeyAlone() {
        return value == HashedValue.ROUTING_KEY;
    }
}
