package io.leveret.broker.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How often each {@link MessageEvent} has happened. Written by one loop alone, read by any thread; grows only.
 *
 * <p>A reader sees each count as it was when the loop did its last task, or newer, and not all of them as of one moment.
 */
public final class MessageCounts {
    /** Two lines of the processor's cache, in longs: what lies behind belongs to other loops. */
    private static final int PADDING = 16;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    /** By event. Written as plainly as can be, because several are for each message. */
    private final long[] counts;

    private MessageCounts(int size) {
        this.counts = new long[size];
    }

    /** Those of one queue; see {@link MessageEvent#isOfQueue}. */
    public static MessageCounts ofQueue() {
        return new MessageCounts(MessageEvent.OF_QUEUE);
    }

    /** What one loop counts of a virtual host. */
    static MessageCounts ofLoop() {
        return new MessageCounts(MessageEvent.OF_VIRTUAL_HOST + PADDING);
    }

    /** Counts one; on the loop. */
    public void add(MessageEvent event) {
        counts[event.ordinal()]++;
    }

    /** Counts some; on the loop. */
    public void add(MessageEvent event, int times) {
        counts[event.ordinal()] += times;
    }

    /** How often it has happened; 0 for what is not counted here. Any thread. */
    public long get(MessageEvent event) {
        return event.ordinal() < counts.length ? (long) COUNT.getOpaque(counts, event.ordinal()) : 0;
    }
}
