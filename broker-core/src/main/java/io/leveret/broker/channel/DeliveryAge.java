package io.leveret.broker.channel;

/**
 * Tells whether the oldest delivery of a channel waits for its acknowledgement longer than it may, without a note of the
 * time of each: at every check the highest delivery tag so far is remembered, and a delivery is too old if its tag is not
 * above the one of the check a timeout ago. Owned by the channel's loop.
 */
final class DeliveryAge {
    private static final long CHECK_MILLIS = 60_000;
    /** Bounds what is remembered; with a timeout above an hour the checks come less often. */
    private static final int MOST_CHECKS = 60;

    /** The tags of so many checks as fill the timeout, from the oldest on. */
    private final long[] marks;

    private int oldest;

    DeliveryAge(long timeoutMillis) {
        marks = new long[checks(timeoutMillis)];
    }

    /**
     * How long to wait from one check to the next: about a minute as in RabbitMQ, at most half of the timeout.
     *
     * @param timeoutMillis more than 0
     */
    static long intervalMillis(long timeoutMillis) {
        int checks = checks(timeoutMillis);
        return timeoutMillis / checks + (timeoutMillis % checks == 0 ? 0 : 1);
    }

    private static int checks(long timeoutMillis) {
        return (int) Math.max(2, Math.min(MOST_CHECKS, timeoutMillis / CHECK_MILLIS));
    }

    /**
     * To be called no more often than {@link #intervalMillis}.
     *
     * @param oldestTag the lowest tag that is not acknowledged, 0 for none
     * @param lastTag the highest tag there was
     */
    boolean isExceeded(long oldestTag, long lastTag) {
        boolean exceeded = oldestTag != 0 && oldestTag <= marks[oldest];
        marks[oldest] = lastTag;
        oldest = (oldest + 1) % marks.length;
        return exceeded;
    }
}
