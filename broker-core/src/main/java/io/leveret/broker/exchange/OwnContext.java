package io.leveret.broker.exchange;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/** What an exchange lets its type see of it. */
record OwnContext(Exchange exchange, ExchangeHost host, String name, String vhost, FieldTable arguments)
        implements ExchangeContext {

    @Override
    public ExchangeTypes types() {
        return host.types();
    }

    @Override
    public EventLoop loop() {
        return host.loopOf(name);
    }

    @Override
    public long id() {
        return exchange.id();
    }

    @Override
    public @Nullable LoopJournal journal() {
        return exchange.isDurable() ? host.journal(loop()) : null;
    }

    @Override
    public void publish(Message message) {
        host.deliver(exchange, message);
    }

    @Override
    public void deliver(Destination destination, Message message) {
        host.deliver(destination, message);
    }

    @Override
    public void countHeld(long bytes) {
        host.countHeld(bytes);
    }
}
