package io.leveret.broker.limit;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that the messages in the queues of one loop stand for. Written by that loop alone, read by any thread. */
public final class HeldBytes {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong onDisk = new AtomicLong();
    private final AtomicLong writing = new AtomicLong();

    /**
     * Counts a change, in bytes; on the loop it belongs to. Done several times for each message, so it is a plain write: an
     * ordered one makes the compiler forget what it knows about the queue.
     */
    public void add(long change) {
        bytes.setPlain(bytes.getPlain() + change);
    }

    /** Counts a change of what it takes in memory to know where messages are that are on disk alone. */
    public void addOnDisk(long change) {
        onDisk.setPlain(onDisk.getPlain() + change);
    }

    /** Counts a change of what it takes in memory to write to the disk; on the loop. Not part of what the queues stand for. */
    public void addWriting(long change) {
        writing.setPlain(writing.getPlain() + change);
    }

    /** The sum of all changes; for another thread as it was when the loop did its last task, or newer. */
    public long get() {
        return bytes.getOpaque() + onDisk.getOpaque();
    }

    long writing() {
        return writing.getOpaque();
    }

    /** The same without what is known of messages that are on disk alone. */
    long inMemory() {
        return bytes.getOpaque();
    }
}
