package io.leveret.broker.exchange.choice;

import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.message.FieldTable;

/**
 * {@code x-consistent-hash}: each message goes to one destination, by a hash of its first routing key, of the header named by
 * the argument {@code hash-header} or of the property named by {@code hash-property}. The binding key is the destination's
 * weight, 1 to 10000: its share of all values is its share of the sum of weights. When a destination comes or goes, only the
 * values that it gets or had change hands.
 */
public final class ConsistentHashType implements ExchangeType {
    @Override
    public String name() {
        return "x-consistent-hash";
    }

    @Override
    public void validateArguments(FieldTable arguments, ExchangeTypes types) {
        HashedValue.of(arguments);
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        FieldTable arguments = exchange.arguments();
        return new ConsistentHashTable(HashedValue.of(arguments), HashedValue.header(arguments));
    }
}
