package io.leveret.broker.exchange.delayed;

import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one exchange holds back. Owned by the loop of the exchange; {@link #add} and {@link #drop} may be called
 * by any thread.
 *
 * <p>There is one timer, for the message that is due first.
 */
final class Waiting {
    /** What a turn of the loop releases at most, so that others have theirs. */
    private static final int PER_TURN = 1024;

    private final ExchangeContext exchange;
    private final EventLoop loop;
    private final DueQueue messages = new DueQueue();
    private EventLoop.@Nullable Timeout timer;
    private long timerMillis = Long.MAX_VALUE;
    private boolean dropped;

    Waiting(ExchangeContext exchange, EventLoop loop) {
        this.exchange = exchange;
        this.loop = loop;
    }

    /** Holds a message back; what one thread adds keeps its order if it is due at the same time. */
    void add(Message message, long delayMillis) {
        exchange.countHeld(cost(message));
        if (loop.inEventLoop()) {
            onAdd(message, delayMillis);
        } else {
            loop.execute(() -> onAdd(message, delayMillis));
        }
    }

    /** Forgets all messages, and those that still come. */
    void drop() {
        loop.execute(this::onDrop);
    }

    private void onAdd(Message message, long delayMillis) {
        if (dropped) {
            exchange.countHeld(-cost(message));
            return;
        }
        messages.add(message, loop.monotonicMillis() + delayMillis);
        startTimer();
    }

    private void onDrop() {
        dropped = true;
        stopTimer();
        exchange.countHeld(-messages.removeAll());
    }

    /** Makes sure that the timer ends when the first message is due. */
    private void startTimer() {
        long due = messages.firstDueMillis();
        if (due < timerMillis) {
            stopTimer();
            timerMillis = due;
            timer = loop.schedule(this::onTimer, Math.max(0, due - loop.monotonicMillis()));
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        timerMillis = Long.MAX_VALUE;
    }

    private void onTimer() {
        if (dropped) {
            return;
        }
        timer = null;
        timerMillis = Long.MAX_VALUE;
        long now = loop.monotonicMillis();
        Message message;
        int left = PER_TURN;
        while (left-- > 0 && (message = messages.poll(now)) != null) {
            exchange.countHeld(-cost(message));
            exchange.publish(message);
        }
        startTimer();
    }

    private static long cost(Message message) {
        return DueQueue.memoryBytes(message);
    }
}
