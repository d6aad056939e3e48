package io.leveret.broker.exchange;

/**
 * Stands for the type of an exchange that was stored when the broker knew the type, which it does not know now. The exchange
 * and its bindings are kept; nothing can be routed through it. [rabbit_exchange_type_invalid]
 */
record MissingType(String name) implements ExchangeType {

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        return new NowhereTable();
    }

    private static final class NowhereTable implements RoutingKeyTable {
        @Override
        public void add(Binding binding) {}

        @Override
        public void remove(Binding binding) {}

        @Override
        public void match(String routingKey, DestinationSink sink) {}
    }
}
