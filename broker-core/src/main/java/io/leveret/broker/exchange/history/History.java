package io.leveret.broker.exchange.history;

import io.leveret.broker.message.Message;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The last messages of an exchange. Any thread, without locks. */
final class History {
    private final long limit;
    private final ConcurrentLinkedQueue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong size = new AtomicLong();
    private volatile boolean closed;

    /** @param limit how many are kept; while several threads add, a moment passes until it holds */
    History(long limit) {
        this.limit = limit;
    }

    /**
     * Keeps a message and lets the oldest go if there are too many.
     *
     * @return by how many bytes it takes more memory now, below 0 for less
     */
    long add(Message message) {
        messages.add(message);
        long change = message.memoryBytes();
        if (size.incrementAndGet() > limit) {
            change += removeOldest();
        }
        return closed ? change + removeAll() : change;
    }

    /** Lets all go, also those that still come. Returns the change in bytes as {@link #add} does. */
    long close() {
        closed = true;
        return removeAll();
    }

    /** Lets all go that are there. Returns the change in bytes as {@link #add} does. */
    long removeAll() {
        long change = 0;
        while (size.get() > 0 && !messages.isEmpty()) {
            change += removeOldest();
        }
        return change;
    }

    private long removeOldest() {
        Message oldest = messages.poll();
        if (oldest == null) {
            return 0;
        }
        size.decrementAndGet();
        return -oldest.memoryBytes();
    }

    List<Message> oldestFirst() {
        return List.copyOf(messages);
    }
}
