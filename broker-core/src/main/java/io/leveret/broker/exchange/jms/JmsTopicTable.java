package io.leveret.broker.exchange.jms;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.DestinationSink;
import io.leveret.broker.exchange.RoutedMessage;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.ArrayList;
import java.util.List;

/** Bindings with their selectors. */
final class JmsTopicTable implements BindingTable {
    private static final String SELECTOR = "rjms_erlang_selector";

    private volatile List<Selection> selections = List.of();

    private record Selection(Binding binding, Expression selector) {}

    @Override
    public void validate(Binding binding) {
        selector(binding);
    }

    /** RabbitMQ has the same text, but fails with 541 on some of what it can't parse. */
    private static Expression selector(Binding binding) {
        FieldValue argument = binding.arguments().get(SELECTOR);
        String text = argument != null && argument.isLongString() ? argument.asString() : "";
        try {
            return SelectorCompiler.compile(text);
        } catch (InvalidSelectorException e) {
            String printed = argument == null
                    ? "error"
                    : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
            throw AmqpError.preconditionFailed("cannot parse selector '" + printed + "' binding destination '"
                    + binding.destination().name() + "' to exchange '"
                    + binding.source().name() + "'");
        }
    }

    @Override
    public void add(Binding binding) {
        List<Selection> longer = new ArrayList<>(selections);
        longer.add(new Selection(binding, selector(binding)));
        selections = longer;
    }

    @Override
    public void remove(Binding binding) {
        List<Selection> shorter = new ArrayList<>(selections);
        shorter.removeIf(selection -> selection.binding().equals(binding));
        selections = shorter;
    }

    @Override
    public void route(RoutedMessage message, DestinationSink sink) {
        List<Selection> all = selections;
        if (all.isEmpty()) {
            return;
        }
        FieldTable headers = message.headers();
        for (int i = 0; i < all.size(); i++) {
            Selection selection = all.get(i);
            if (Boolean.TRUE.equals(selection.selector().evaluate(headers))) {
                sink.accept(selection.binding().destination());
            }
        }
    }

    @Override
    public boolean routesByKeyAlone() {
        return false;
    }
}
