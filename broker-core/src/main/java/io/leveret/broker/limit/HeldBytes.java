package io.leveret.broker.limit;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that the messages in the queues of one loop stand for. Written by that loop alone, read by any thread. */
public final class HeldBytes {
    private final AtomicLong bytes = new AtomicLong();

    /** Counts a change, in bytes; on the loop it belongs to. */
    public void add(long change) {
        bytes.setOpaque(bytes.getPlain() + change);
    }

    /** The sum of all changes, a moment old when read by another thread. */
    public long get() {
        return bytes.getOpaque();
    }
}
