package io.leveret.broker.consumer;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The prefetch limit that all consumers of a channel share ({@code basic.qos} with global set).
 *
 * <p>One of the few things several loops change: the queues of a channel's consumers may live on any loop and each takes a
 * place before it hands out a message; the channel's loop gives places back. A channel has none before it first sets such a
 * limit, and one from then on: what is under way when the limit is taken away or set anew stays counted right.
 */
public final class ChannelWindow {
    /** As a limit: any number may be outstanding. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    private final AtomicInteger taken;
    private volatile int limit;

    /**
     * @param limit how many deliveries may be outstanding, at least 1
     * @param taken how many are outstanding now
     */
    public ChannelWindow(int limit, int taken) {
        this.limit = limit;
        this.taken = new AtomicInteger(taken);
    }

    /** Takes a place if there is one; any loop. */
    boolean tryTake() {
        int now = taken.get();
        while (now < limit) {
            int seen = taken.compareAndExchange(now, now + 1);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** Counts deliveries that are outstanding already, whether there are places for them or not. */
    public void take(int places) {
        taken.addAndGet(places);
    }

    /** Whether there is a place; any loop. */
    boolean isOpen() {
        return taken.get() < limit;
    }

    /**
     * Gives places back.
     *
     * @return whether the window was full and no longer is, so that consumers have to be told
     */
    public boolean release(int places) {
        int before = taken.getAndAdd(-places);
        return before >= limit && before - places < limit;
    }

    /** Whether there is a limit now. */
    public boolean isLimited() {
        return limit != NO_LIMIT;
    }

    /** Changes the limit; a lower one takes effect as places are given back. */
    public void limit(int newLimit) {
        limit = newLimit;
    }
}
