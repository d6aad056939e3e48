package io.leveret.broker.limit;

/**
 * How much memory may be in use before publishers are stopped [vm_memory_high_watermark].
 *
 * <p>As a part, it holds for the heap and for the memory outside it, each by itself: either can be full while the other is
 * empty. In bytes, it holds for both together. Whatever it says, neither may be fuller than {@value #FULLEST}, because what
 * was under way when publishers are stopped needs room, and so does the garbage collector.
 *
 * @param part a part of the memory there is, 0 to 1; not used when {@code bytes} is given
 * @param bytes 0 or more; {@link #NO_BYTES} when a part is given
 */
public record MemoryWatermark(double part, long bytes) {
    /** As bytes: none are given. */
    public static final long NO_BYTES = -1;

    /** No limit, and no alarm. */
    public static final MemoryWatermark NONE = new MemoryWatermark(Double.POSITIVE_INFINITY, NO_BYTES);

    static final double FULLEST = 0.8;

    public MemoryWatermark {
        if (bytes < NO_BYTES || (bytes == NO_BYTES && !(part >= 0))) {
            throw new IllegalArgumentException("a watermark is not negative: " + part + ", " + bytes);
        }
    }

    /** @param part 0 to 1; with 0 the alarm is always on */
    public static MemoryWatermark part(double part) {
        return new MemoryWatermark(part, NO_BYTES);
    }

    /** @param bytes with 0 the alarm is always on */
    public static MemoryWatermark bytes(long bytes) {
        return new MemoryWatermark(0, bytes);
    }

    boolean isNone() {
        return equals(NONE);
    }

    /** How much of one kind of memory, of which there are {@code max} bytes, may be in use. */
    long limitOf(long max) {
        if (isNone()) {
            return Long.MAX_VALUE;
        }
        long fullest = (long) (max * FULLEST);
        return bytes == NO_BYTES ? (long) (max * Math.min(part, FULLEST)) : Math.min(bytes, fullest);
    }

    /** How much of both kinds together may be in use. */
    long limitOfBoth(long maxHeap, long maxBuffers) {
        if (isNone()) {
            return Long.MAX_VALUE;
        }
        long both = limitOf(maxHeap) + limitOf(maxBuffers);
        return bytes == NO_BYTES ? both : Math.min(bytes, both);
    }
}
