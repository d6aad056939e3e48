package io.leveret.broker.limit;

/**
 * What the connections of one loop have on its way to queues of other loops: how much that is together, and whether it is so
 * much that none of them should read on. Owned by that loop.
 */
public final class UnderWay {
    private final HeldBytes held;
    private final long most;
    private long bytes;

    /** @param most from how many bytes on it is too much */
    UnderWay(HeldBytes held, long most) {
        this.held = held;
        this.most = most;
    }

    /** Counts a change, in bytes. It counts as memory in use, too. */
    public void add(long change) {
        bytes += change;
        held.add(change);
    }

    /** Whether it is so much that connections should wait. */
    public boolean isMuch() {
        return bytes > most;
    }

    /** Whether it is so little that connections that wait may go on. */
    public boolean isLittle() {
        return bytes < most / 2;
    }

    /** Where messages that are nowhere else count, such as one of which a part has come. */
    public HeldBytes held() {
        return held;
    }
}
