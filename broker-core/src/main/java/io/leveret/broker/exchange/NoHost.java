package io.leveret.broker.exchange;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;

/** Of exchanges whose types need nothing. */
final class NoHost implements ExchangeHost {
    @Override
    public ExchangeTypes types() {
        return ExchangeTypes.builtIn();
    }

    @Override
    public EventLoop loopOf(String exchange) {
        throw needed();
    }

    @Override
    public LoopJournal journal(EventLoop loop) {
        throw needed();
    }

    @Override
    public void deliver(Destination destination, Message message) {
        throw needed();
    }

    @Override
    public void countHeld(long bytes) {
        throw needed();
    }

    private static IllegalStateException needed() {
        return new IllegalStateException("an exchange of this type needs a virtual host");
    }
}
