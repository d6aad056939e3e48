package io.leveret.broker.limit;

import io.leveret.broker.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** The memory that messages take, loop by loop. Any thread may read it. */
public final class MemoryInUse {
    private static final int PARTS_OF_HEAP = 16;
    private static final long LEAST_UNDER_WAY = 2L << 20;
    private static final long MOST_UNDER_WAY = 64L << 20;

    private static final int PARTS_OF_HEAP_BEFORE_PAGING = 5;
    private static final long MOST_BEFORE_PAGING = 128L << 20;
    private static final int PARTS_OF_HEAP_WHEN_FULL = 3;
    private static final int PARTS_OF_HEAP_WHEN_CRAMMED = 2;

    private final List<HeldBytes> byLoop = new ArrayList<>();
    private final List<UnderWay> underWay = new ArrayList<>();

    private final long paging;
    private final long full;
    private final long crammed;

    /**
     * Messages that are on disk leave the memory by a default limit.
     *
     * @param loops the number of loops
     */
    public MemoryInUse(int loops) {
        this(loops, defaultPaging());
    }

    /**
     * @param loops the number of loops
     * @param paging how many bytes messages may take before those that are on disk leave the memory
     */
    public MemoryInUse(int loops, long paging) {
        this(loops, paging, Math.max(2 * paging, Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP_WHEN_FULL));
    }

    /**
     * @param loops the number of loops
     * @param paging how many bytes messages may take before those that are on disk leave the memory
     * @param full how many bytes they may take before none come back only to wait for an acknowledgement
     */
    public MemoryInUse(int loops, long paging, long full) {
        this(loops, paging, full, Math.max(full, Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP_WHEN_CRAMMED));
    }

    /**
     * @param loops the number of loops
     * @param paging how many bytes messages may take before those that are on disk leave the memory
     * @param full how many bytes they may take before none come back only to wait for an acknowledgement
     * @param crammed how many bytes they may take before none come back at all
     */
    public MemoryInUse(int loops, long paging, long full, long crammed) {
        this.paging = paging;
        this.full = full;
        this.crammed = crammed;
        long share = Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP / loops;
        long most = Math.max(LEAST_UNDER_WAY, Math.min(MOST_UNDER_WAY, share));
        for (int i = 0; i < loops; i++) {
            HeldBytes held = new HeldBytes();
            byLoop.add(held);
            underWay.add(new UnderWay(held, most));
        }
    }

    /** A part of the heap, and no more than does any good. */
    public static long defaultPaging() {
        return Math.min(MOST_BEFORE_PAGING, Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP_BEFORE_PAGING);
    }

    /** Whether messages take so much that those on disk should leave the memory. */
    public boolean isAbovePaging() {
        return bodies() > paging;
    }

    /** Whether that has not helped enough. */
    public boolean isMuchAbovePaging() {
        return bodies() - paging > paging / 2;
    }

    /** Whether messages take so much that none should come back from disk only to wait for an acknowledgement. */
    public boolean isFull() {
        return bodies() > full;
    }

    /** Whether messages take so much that none should come back from disk at all. */
    public boolean isCrammed() {
        return bodies() > crammed;
    }

    private long bodies() {
        long bodies = 0;
        for (HeldBytes held : byLoop) {
            bodies += held.inMemory();
        }
        return bodies;
    }

    /** What the queues of one loop hold. */
    public HeldBytes of(EventLoop loop) {
        return byLoop.get(loop.index());
    }

    /** What the connections of one loop have on its way to queues of other loops. */
    public UnderWay underWay(EventLoop loop) {
        return underWay.get(loop.index());
    }

    /** What all messages take together, and what it takes to write them, in bytes; each part of the sum a moment old. */
    public long total() {
        long total = 0;
        for (HeldBytes held : byLoop) {
            total += held.get() + held.writing();
        }
        return total;
    }
}
