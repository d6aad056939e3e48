package io.leveret.broker.limit;

import io.leveret.broker.loop.EventLoops;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;

/** The memory of this process. Any thread; a look costs microseconds. */
final class JvmMemory implements MemorySource {
    private final MemoryMXBean heap = ManagementFactory.getMemoryMXBean();
    private final List<MemoryPoolMXBean> forNew = new ArrayList<>();
    private final List<MemoryPoolMXBean> forOld = new ArrayList<>();
    private final List<GarbageCollectorMXBean> collectors = new ArrayList<>();
    private final EventLoops loops;

    /** @param loops know about buffers */
    JvmMemory(EventLoops loops) {
        this.loops = loops;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                (pool.getName().contains("Eden") ? forNew : forOld).add(pool);
            }
        }
        if (forNew.isEmpty()) {
            // new and old objects live side by side
            forNew.addAll(forOld);
            forOld.clear();
        }
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            // a concurrent phase leaves the new objects where they are
            if (!collector.getName().contains("Concurrent")) {
                collectors.add(collector);
            }
        }
    }

    @Override
    public long heapUsed() {
        return heap.getHeapMemoryUsage().getUsed();
    }

    @Override
    public long heapMax() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public long collections() {
        long collections = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            collections += Math.max(0, collector.getCollectionCount());
        }
        return collections;
    }

    /** What is old changes with a collection alone, large objects apart, so it can be asked for now. */
    @Override
    public long heapAfterCollection() {
        long used = 0;
        for (MemoryPoolMXBean pool : forNew) {
            MemoryUsage left = pool.getCollectionUsage();
            used += left == null ? pool.getUsage().getUsed() : left.getUsed();
        }
        for (MemoryPoolMXBean pool : forOld) {
            used += pool.getUsage().getUsed();
        }
        return used;
    }

    @Override
    public void collect() {
        heap.gc();
    }

    @Override
    public long buffersUsed() {
        return loops.bufferBytes();
    }

    @Override
    public long buffersMax() {
        return loops.maxBufferBytes();
    }
}
