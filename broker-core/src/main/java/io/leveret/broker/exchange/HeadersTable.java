package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;

/** The bindings of a headers exchange: their arguments are compared with the headers of the message, one by one. */
final class HeadersTable implements BindingTable {
    private final CountedSet<HeadersCriteria> bindings = new CountedSet<>();

    @Override
    public void validate(Binding binding) {
        HeadersCriteria.validate(binding.arguments());
    }

    @Override
    public void add(Binding binding) {
        bindings.add(HeadersCriteria.of(binding));
    }

    @Override
    public void remove(Binding binding) {
        bindings.remove(HeadersCriteria.of(binding));
    }

    @Override
    public void route(RoutedMessage message, DestinationSink sink) {
        CountedSet.Entry<HeadersCriteria> entry = bindings.first();
        if (entry == null) {
            return;
        }
        FieldTable present = message.headers();
        for (; entry != null; entry = entry.next()) {
            HeadersCriteria criteria = entry.element();
            if (criteria.match(present)) {
                sink.accept(criteria.destination());
            }
        }
    }

    @Override
    public boolean routesByKeyAlone() {
        return false;
    }
}
