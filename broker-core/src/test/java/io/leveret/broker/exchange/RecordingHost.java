package io.leveret.broker.exchange;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.ManualEventLoop;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A host that writes down what exchanges send on, on a loop of its own. */
public final class RecordingHost implements ExchangeHost {
    private final ManualEventLoops loops = new ManualEventLoops(1);
    private final List<String> delivered = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final AtomicLong held = new AtomicLong();

    public ManualEventLoop loop() {
        return loops.get(0);
    }

    /** Runs what waits, moves the clock and runs what is due. */
    public void advance(long millis) {
        loops.runAll();
        loop().advance(millis);
        loops.runAll();
    }

    /** Runs what waits. */
    public void run() {
        loops.runAll();
    }

    /** What was sent on since the last call, as destination and routing key. */
    public List<String> delivered() {
        List<String> all = List.copyOf(delivered);
        delivered.clear();
        return all;
    }

    /** All messages that were sent on. */
    public List<Message> messages() {
        return messages;
    }

    /** The bytes that exchanges hold. */
    public long held() {
        return held.get();
    }

    @Override
    public ExchangeTypes types() {
        return ExchangeTypes.load(RecordingHost.class.getClassLoader());
    }

    @Override
    public ManualEventLoop loopOf(String exchange) {
        return loop();
    }

    @Override
    public @Nullable LoopJournal journal(EventLoop loop) {
        return null;
    }

    @Override
    public void deliver(Destination destination, Message message) {
        delivered.add(destination.name() + " " + message.routingKey());
        messages.add(message);
    }

    @Override
    public void countHeld(long bytes) {
        held.addAndGet(bytes);
    }
}
