package io.leveret.broker.limit;

import io.leveret.broker.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** The memory that messages take, loop by loop. Any thread may read it. */
public final class MemoryInUse {
    private static final int PARTS_OF_HEAP = 16;
    private static final long LEAST_UNDER_WAY = 2L << 20;
    private static final long MOST_UNDER_WAY = 64L << 20;

    private final List<HeldBytes> byLoop = new ArrayList<>();
    private final List<UnderWay> underWay = new ArrayList<>();

    /** @param loops the number of loops */
    public MemoryInUse(int loops) {
        long share = Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP / loops;
        long most = Math.max(LEAST_UNDER_WAY, Math.min(MOST_UNDER_WAY, share));
        for (int i = 0; i < loops; i++) {
            HeldBytes held = new HeldBytes();
            byLoop.add(held);
            underWay.add(new UnderWay(held, most));
        }
    }

    /** What the queues of one loop hold. */
    public HeldBytes of(EventLoop loop) {
        return byLoop.get(loop.index());
    }

    /** What the connections of one loop have on its way to queues of other loops. */
    public UnderWay underWay(EventLoop loop) {
        return underWay.get(loop.index());
    }

    /** What all messages take together, in bytes; each part of the sum a moment old. */
    public long total() {
        long total = 0;
        for (HeldBytes held : byLoop) {
            total += held.get();
        }
        return total;
    }
}
