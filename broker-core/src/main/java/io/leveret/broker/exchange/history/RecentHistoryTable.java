package io.leveret.broker.exchange.history;

import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.DestinationSink;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.RoutedMessage;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bindings and history of one exchange.
 *
 * <p>A message is kept before it is routed, and a binding is there before the history is passed on to it. So a message that
 * is published while a binding is made is never missed; it may come twice, as in RabbitMQ.
 */
final class RecentHistoryTable implements BindingTable {
    private static final String NO_STORE = "x-recent-history-no-store";

    private final ExchangeContext exchange;
    private final BindingTable fanout;
    private final History history;
    private final @Nullable StoredHistory stored;

    /** @param length how many messages are kept, at least 1 */
    RecentHistoryTable(ExchangeContext exchange, long length) {
        this.exchange = exchange;
        this.fanout = ExchangeTypes.FANOUT.newTable(exchange);
        this.history = new History(length);
        this.stored = StoredHistory.of(exchange, length);
    }

    @Override
    public void add(Binding binding) {
        fanout.add(binding);
        List<Message> messages = new ArrayList<>(history.oldestFirst());
        if (binding.destination() instanceof Exchange) {
            // RabbitMQ's plugin sends them the other way round to an exchange
            Collections.reverse(messages);
        }
        for (Message message : messages) {
            exchange.deliver(binding.destination(), message);
        }
    }

    @Override
    public void remove(Binding binding) {
        fanout.remove(binding);
    }

    @Override
    public void deleted() {
        count(history.close());
        if (stored != null) {
            stored.drop();
        }
    }

    @Override
    public void purge() {
        count(history.removeAll());
        if (stored != null) {
            stored.purge();
        }
    }

    @Override
    public void recovered(List<Message> messages) {
        for (Message message : messages) {
            count(history.add(message.inQueue(Message.NEVER, Message.NOWHERE)));
        }
        if (stored != null) {
            stored.recover(messages);
        }
    }

    @Override
    public void route(RoutedMessage message, DestinationSink sink) {
        FieldValue noStore = message.headers().get(NO_STORE);
        if (noStore == null || !Boolean.TRUE.equals(noStore.value())) {
            Message kept = message.message();
            count(history.add(kept));
            if (stored != null) {
                stored.add(kept);
            }
        }
        fanout.route(message, sink);
    }

    private void count(long bytes) {
        if (bytes != 0) {
            exchange.countHeld(bytes);
        }
    }

    @Override
    public boolean routesByKeyAlone() {
        return false;
    }
}
