package io.leveret.broker.exchange.choice;

import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;

/** {@code x-random}: each message goes to one destination, chosen by chance; keys mean nothing. */
public final class RandomType implements ExchangeType {
    @Override
    public String name() {
        return "x-random";
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        return new RandomTable();
    }
}
