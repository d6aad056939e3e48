package io.leveret.broker.benchmarks.load;

import java.util.BitSet;

/**
 * Which of a channel's publishes are still unconfirmed, and when they were sent. Confirms may come in any order and with
 * {@code multiple}.
 *
 * <p>Owned by one event loop.
 */
final class ConfirmWindow {
    private final int size;
    private final BitSet confirmed;
    private final long[] sentNanos;
    private long lastSent;
    private long lowestOpen = 1;
    private int open;
    private long total;

    /** A window of at most {@code size} open publishes. */
    ConfirmWindow(int size) {
        this.size = size;
        this.confirmed = new BitSet(size);
        this.sentNanos = new long[size];
    }

    /** How many more publishes may be sent: the span from the oldest open one stays within the window. */
    int room() {
        return size - (int) (lastSent - lowestOpen + 1);
    }

    /** Notes the next {@code count} publishes; there must be {@link #room} for them. */
    void sent(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            lastSent++;
            sentNanos[slot(lastSent)] = nanos;
        }
        open += count;
    }

    /**
     * Notes a confirm.
     *
     * @return when the publish with this tag was sent, or -1 when it is not open
     */
    long confirm(long tag, boolean multiple) {
        long last = tag == 0 && multiple ? lastSent : tag;
        if (last < lowestOpen || last > lastSent || confirmed.get(slot(last))) {
            return -1;
        }
        long nanos = sentNanos[slot(last)];
        for (long each = multiple ? lowestOpen : last; each <= last; each++) {
            if (!confirmed.get(slot(each))) {
                confirmed.set(slot(each));
                open--;
                total++;
            }
        }
        while (lowestOpen <= lastSent && confirmed.get(slot(lowestOpen))) {
            confirmed.clear(slot(lowestOpen));
            lowestOpen++;
        }
        return nanos;
    }

    /** How many publishes are not confirmed yet. */
    int open() {
        return open;
    }

    /** How many publishes were confirmed. */
    long total() {
        return total;
    }

    private int slot(long tag) {
        return (int) (tag % size);
    }
}
