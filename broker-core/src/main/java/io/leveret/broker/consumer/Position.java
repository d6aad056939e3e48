package io.leveret.broker.consumer;

/**
 * A message's place in its queue, counted from 0 in the order of arrival, with two marks in the upper bits. A message that
 * comes back finds its place again by it.
 */
public final class Position {
    private static final long REDELIVERED = 1L << 62;
    private static final long WINDOWED = 1L << 61;
    private static final long PLACE = WINDOWED - 1;

    private Position() {}

    /** The bare place, for comparing. */
    public static long place(long position) {
        return position & PLACE;
    }

    /** Whether the message was handed out before. */
    public static boolean isRedelivered(long position) {
        return (position & REDELIVERED) != 0;
    }

    public static long redelivered(long position) {
        return position | REDELIVERED;
    }

    /** Whether this hand-out is counted in the channel-wide prefetch window. */
    public static boolean isWindowed(long position) {
        return (position & WINDOWED) != 0;
    }

    public static long windowed(long position) {
        return position | WINDOWED;
    }

    public static long notWindowed(long position) {
        return position & ~WINDOWED;
    }
}
