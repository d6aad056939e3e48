package io.leveret.broker.exchange.delayed;

import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that one exchange holds back. Owned by the loop of the exchange; {@link #add}, {@link #purge} and {@link #drop} may be called
 * by any thread.
 *
 * <p>There is one timer, for the message that is due first. Timers go by a clock that never jumps; the journal, which outlives
 * that clock, has times of day.
 */
final class Waiting {
    /** What a turn of the loop releases at most, so that others have theirs. */
    private static final int PER_TURN = 1024;

    private final ExchangeContext exchange;
    private final EventLoop loop;
    /** Null when nothing outlives the process, or not this exchange. */
    private final @Nullable LoopJournal journal;

    private final DueQueue messages = new DueQueue();
    private EventLoop.@Nullable Timeout timer;
    private long timerMillis = Long.MAX_VALUE;
    private boolean dropped;

    Waiting(ExchangeContext exchange, EventLoop loop, @Nullable LoopJournal journal) {
        this.exchange = exchange;
        this.loop = loop;
        this.journal = journal;
    }

    /** The name of the exchange. */
    String exchange() {
        return exchange.name();
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * Holds a message back; what one thread adds keeps its order if it is due at the same time.
     *
     * @param listener hears, on the loop, when it is stored, if this returns true
     */
    boolean add(Message message, long delayMillis, @Nullable EnqueueListener listener, long tag) {
        exchange.countHeld(cost(message));
        boolean heard = journal != null && listener != null && message.isPersistent();
        EnqueueListener hearing = heard ? listener : null;
        if (loop.inEventLoop()) {
            onAdd(message, delayMillis, hearing, tag);
        } else {
            loop.execute(() -> onAdd(message, delayMillis, hearing, tag));
        }
        return heard;
    }

    /** Holds back what was held back when the broker stopped, until the time that was said then. */
    void recover(List<Message> recovered) {
        loop.execute(() -> onRecovered(recovered));
    }

    private void onRecovered(List<Message> recovered) {
        long offset = loop.monotonicMillis() - loop.nowMillis();
        for (Message message : recovered) {
            exchange.countHeld(cost(message));
            messages.add(message, message.deadlineMillis() + offset);
        }
        startTimer();
    }

    /** Forgets all messages, and those that still come. */
    void drop() {
        loop.execute(this::onDrop);
    }

    /** Forgets all messages that are here. */
    void purge() {
        loop.execute(this::forgetAll);
    }

    private void onAdd(Message message, long delayMillis, @Nullable EnqueueListener listener, long tag) {
        if (dropped) {
            exchange.countHeld(-cost(message));
            if (listener != null) {
                listener.onEnqueued(tag, true);
            }
            return;
        }
        Message kept = journal == null
                ? message
                : journal.append(exchange.id(), message, loop.nowMillis() + delayMillis, true, listener, tag);
        messages.add(kept, loop.monotonicMillis() + delayMillis);
        startTimer();
    }

    private void onDrop() {
        dropped = true;
        forgetAll();
    }

    private void forgetAll() {
        stopTimer();
        if (journal != null) {
            messages.forEach(message -> journal.settle(message.place()));
        }
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
