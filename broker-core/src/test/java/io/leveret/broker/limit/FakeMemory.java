package io.leveret.broker.limit;

/** A memory of 1000 MB of which a test says how full it is. Sizes are in bytes. */
final class FakeMemory implements MemorySource {
    static final long MB = 1 << 20;

    long heapUsed = 50 * MB;
    long lives = 50 * MB;
    long collections;
    long afterCollection;
    long buffersUsed;
    int asked;
    boolean mayBeAsked = true;

    /** As the collector does when it likes, leaving so much that is dead. */
    void collectLeaving(long dead) {
        collections++;
        afterCollection = lives + dead;
        heapUsed = afterCollection;
    }

    @Override
    public long heapUsed() {
        return heapUsed;
    }

    @Override
    public long heapMax() {
        return 1000 * MB;
    }

    @Override
    public long collections() {
        return collections;
    }

    @Override
    public long heapAfterCollection() {
        return afterCollection;
    }

    @Override
    public void collect() {
        asked++;
        if (mayBeAsked) {
            collectLeaving(0);
        }
    }

    @Override
    public long buffersUsed() {
        return buffersUsed;
    }

    @Override
    public long buffersMax() {
        return 500 * MB;
    }
}
