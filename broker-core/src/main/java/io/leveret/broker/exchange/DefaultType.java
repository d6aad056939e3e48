package io.leveret.broker.exchange;

/** The type of the exchange without a name: direct, but for where its bindings come from. */
record DefaultType(QueueLookup queues) implements ExchangeType {
    @Override
    public String name() {
        return "direct";
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        return new DefaultTable(queues);
    }
}
