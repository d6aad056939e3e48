package io.leveret.broker.limit;

/**
 * Decides whether too much memory is in use. Owned by the thread that looks.
 *
 * <p>How full the heap looks says little, since garbage is part of it, and a collector that is not pressed leaves much of
 * that. So what is in use is taken to be the least of three figures:
 * <ol>
 *   <li>what is in the heap now;
 *   <li>what the last collection has left, and what messages have taken since;
 *   <li>what messages take by their account, and everything else: the least that any collection has left beside them.
 * </ol>
 * The first two are never too low. The second corrects the account, in which a message counts in every queue that shares it.
 * The third is the usual one: it is right between collections, and it falls at once when messages leave, although a broker
 * that takes no messages makes no garbage and collects nothing.
 *
 * <p>The third alone can be too low, when something grows that is not a message. Therefore, when a collection leaves more
 * than halfway between the limit and the maximum, a collection of the whole heap is asked for, which gives the exact figure.
 * One is also asked for before the alarm, when messages are less than half of the reason, and while it has been on for a
 * while, if that could show it to be wrong. Each one asked for in vain doubles the time until the next, from {@value #FIRST_PAUSE_MILLIS} to {@value #LONGEST_PAUSE_MILLIS} ms.
 *
 * <p>An alarm ends {@value #SLACK_PERCENT} % below its limit.
 */
final class MemoryGauge {
    static final long FIRST_PAUSE_MILLIS = 10_000;
    static final long LONGEST_PAUSE_MILLIS = 600_000;
    static final int SLACK_PERCENT = 5;

    /** A broker that holds nothing takes more than that. */
    static final long LEAST_BESIDE = 4L << 20;

    private final MemorySource source;
    private long collections;
    private long afterCollection;
    private long messagesThen;
    private long messagesBefore;
    private long beside = LEAST_BESIDE;
    private boolean besideIsKnown;
    private long inUse;
    private boolean high;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long mayAskMillis = Long.MIN_VALUE;

    MemoryGauge(MemorySource source) {
        this.source = source;
    }

    /** What was in use at the last look, in bytes, in the heap and outside it. */
    long inUse() {
        return inUse;
    }

    /**
     * Looks.
     *
     * @param messages what messages take by the account
     * @param nowMillis by a clock that nobody sets
     * @return whether too much is in use
     */
    boolean look(MemoryWatermark watermark, long messages, long nowMillis) {
        learn(messages, false);
        boolean was = high;
        high = isHigh(watermark, messages);
        if (nowMillis >= mayAskMillis && isDoubtful(was, watermark.limitOf(source.heapMax()), messages)) {
            source.collect();
            learn(messages, true);
            high = isHigh(watermark, messages);
            pauseMillis = high == was ? Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS) : FIRST_PAUSE_MILLIS;
            mayAskMillis = nowMillis + pauseMillis;
        } else if (high && !was) {
            mayAskMillis = Math.max(mayAskMillis, nowMillis + FIRST_PAUSE_MILLIS);
        }
        return high;
    }

    private void learn(long messages, boolean whole) {
        long seen = source.collections();
        if (seen != collections) {
            collections = seen;
            afterCollection = source.heapAfterCollection();
            // the collection was somewhere between the last look and this one
            messagesThen = Math.min(messages, messagesBefore);
            long left = Math.max(LEAST_BESIDE, afterCollection - messages);
            beside = whole || !besideIsKnown ? left : Math.min(beside, left);
            besideIsKnown = true;
        }
        messagesBefore = messages;
    }

    private boolean isHigh(MemoryWatermark watermark, long messages) {
        long heap = Math.min(source.heapUsed(), messages + beside);
        if (collections > 0) {
            heap = Math.min(heap, afterCollection + Math.max(0, messages - messagesThen));
        }
        long buffers = source.buffersUsed();
        inUse = heap + buffers;
        long heapMax = source.heapMax();
        long buffersMax = source.buffersMax();
        return heap > slack(watermark.limitOf(heapMax))
                || buffers > slack(watermark.limitOf(buffersMax))
                || inUse > slack(watermark.limitOfBoth(heapMax, buffersMax));
    }

    private long slack(long limit) {
        return high ? limit / 100 * (100 - SLACK_PERCENT) : limit;
    }

    /** Whether a collection of the whole heap could show the opposite of what it looks like. */
    private boolean isDoubtful(boolean was, long limit, long messages) {
        if (limit == Long.MAX_VALUE) {
            return false;
        }
        if (high && !was) {
            return messages < limit / 2;
        }
        return high
                ? messages <= limit || afterCollection <= limit
                : afterCollection > limit + (source.heapMax() - limit) / 2;
    }
}
