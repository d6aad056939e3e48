package io.leveret.broker.exchange.delayed;

import io.leveret.broker.exchange.MessageKeeper;
import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/** Where one message goes that has to wait, from the moment it is handed over. */
record Delayed(Waiting waiting, long millis) implements MessageKeeper {

    @Override
    public String name() {
        return waiting.exchange();
    }

    @Override
    public EventLoop loop() {
        return waiting.loop();
    }

    @Override
    public boolean keep(Message message, @Nullable EnqueueListener listener, long tag) {
        return waiting.add(Delay.over(message, millis), millis, listener, tag);
    }
}
