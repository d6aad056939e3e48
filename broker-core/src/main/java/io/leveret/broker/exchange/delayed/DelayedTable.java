package io.leveret.broker.exchange.delayed;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.DestinationSink;
import io.leveret.broker.exchange.RoutedMessage;
import io.leveret.broker.message.Message;
import java.util.List;

/** A table of another type, in front of which messages wait. */
final class DelayedTable implements BindingTable {
    private final BindingTable underlying;
    private final Waiting waiting;

    DelayedTable(BindingTable underlying, Waiting waiting) {
        this.underlying = underlying;
        this.waiting = waiting;
    }

    @Override
    public void validate(Binding binding) {
        underlying.validate(binding);
    }

    @Override
    public void add(Binding binding) {
        underlying.add(binding);
    }

    @Override
    public void remove(Binding binding) {
        underlying.remove(binding);
    }

    @Override
    public void deleted() {
        waiting.drop();
        underlying.deleted();
    }

    @Override
    public void purge() {
        waiting.purge();
    }

    @Override
    public void recovered(List<Message> messages) {
        waiting.recover(messages);
    }

    @Override
    public void route(RoutedMessage message, DestinationSink sink) {
        long millis = Delay.millis(message.headers());
        if (millis == 0) {
            underlying.route(message, sink);
        } else {
            sink.accept(new Delayed(waiting, millis));
        }
    }

    @Override
    public boolean routesByKeyAlone() {
        return false;
    }
}
