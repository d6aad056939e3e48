package io.leveret.broker.amqp.leak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What Netty's leak detectors found, each leak once. Detectors report on whatever thread tracks a resource next. */
final class LeakReports {
    private static final int COLLECTIONS = 4;
    private static final long COLLECTION_TIMEOUT_MILLIS = 2_000;

    private final Queue<String> reports = new ConcurrentLinkedQueue<>();

    /** Makes the detectors that report here; those that exist already stay as they are. */
    ResourceLeakDetectorFactory factory() {
        return new ResourceLeakDetectorFactory() {
            // Deprecated, but the one that a factory has to implement.
            @Override
            @SuppressWarnings("deprecation")
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Detector<>(resource, samplingInterval, reports);
            }
        };
    }

    /** The reports so far. */
    List<String> all() {
        return List.copyOf(reports);
    }

    /**
     * Lets garbage be collected and the detectors of buffers look at what came up. Several rounds: a buffer may be held by
     * an object that only the first collection frees.
     */
    void collectGarbage() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            awaitCollection();
            ByteBuf probe = UnpooledByteBufAllocator.DEFAULT.buffer(1);
            probe.release();
        }
    }

    /** Returns when a collection has run, which is when it has found an object that nobody held. */
    static void awaitCollection() throws InterruptedException {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        WeakReference<Object> unreachable = new WeakReference<>(new Object(), collected);
        System.gc();
        if (collected.remove(COLLECTION_TIMEOUT_MILLIS) != unreachable) {
            throw new IllegalStateException("no garbage was collected, so leaks cannot be told");
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        private final Queue<String> reports;

        Detector(Class<T> resource, int samplingInterval, Queue<String> reports) {
            super(resource, samplingInterval);
            this.reports = reports;
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            reports.add("LEAK: " + resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            reports.add("LEAK: " + resourceType);
        }
    }
}
