package io.leveret.broker.journal;

/**
 * Where an entry is in the journal, in one number: the segment and the slot in it. Of the entries of one queue the later one
 * has the greater place. {@link io.leveret.broker.message.Message#NOWHERE} is the place of no entry.
 */
public final class Place {
    /** How many slots a segment can have. */
    public static final int MAX_SLOTS = 1 << 16;

    private static final int SLOT_BITS = 16;

    private Place() {}

    /** @param segment at least 1 */
    public static long of(long segment, int slot) {
        return segment << SLOT_BITS | slot;
    }

    public static long segment(long place) {
        return place >>> SLOT_BITS;
    }

    public static int slot(long place) {
        return (int) place & (MAX_SLOTS - 1);
    }
}
