package io.leveret.broker.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each {@link MessageEvent} has happened. Written by one loop alone, read by any thread; grows only.
 *
 * <p>A reader sees each count as it was when the loop did its last task, or newer, and not all of them as of one moment.
 */
public final class MessageCounts {
    /** Two lines of the processor's cache, in longs: what lies beside belongs to other loops. */
    private static final int PADDING = 16;

    private final AtomicLongArray counts;
    private final int first;
    private final int size;

    private MessageCounts(int size, int padding) {
        this.counts = new AtomicLongArray(padding + size + padding);
        this.first = padding;
        this.size = size;
    }

    /** Those of one queue; see {@link MessageEvent#isOfQueue}. */
    public static MessageCounts ofQueue() {
        return new MessageCounts(MessageEvent.OF_QUEUE, 0);
    }

    /** What one loop counts of a virtual host. */
    static MessageCounts ofLoop() {
        return new MessageCounts(MessageEvent.OF_VIRTUAL_HOST, PADDING);
    }

    /** Counts one; on the loop. */
    public void add(MessageEvent event) {
        add(event, 1);
    }

    /** Counts some; on the loop. A plain write, as several are done for each message. */
    public void add(MessageEvent event, int times) {
        int at = first + event.ordinal();
        counts.setPlain(at, counts.getPlain(at) + times);
    }

    /** How often it has happened; 0 for what is not counted here. Any thread. */
    public long get(MessageEvent event) {
        return event.ordinal() < size ? counts.getOpaque(first + event.ordinal()) : 0;
    }
}
