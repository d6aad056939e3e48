package io.leveret.broker.limit;

import io.leveret.broker.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** The memory that messages take, loop by loop. Any thread may read it. */
public final class MemoryInUse {
    private final List<HeldBytes> byLoop = new ArrayList<>();

    /** @param loops the number of loops */
    public MemoryInUse(int loops) {
        for (int i = 0; i < loops; i++) {
            byLoop.add(new HeldBytes());
        }
    }

    /** What the queues of one loop hold. */
    public HeldBytes of(EventLoop loop) {
        return byLoop.get(loop.index());
    }

    /** What all queues hold together, in bytes; each part of the sum a moment old. */
    public long total() {
        long total = 0;
        for (HeldBytes held : byLoop) {
            total += held.get();
        }
        return total;
    }
}
