package io.leveret.broker.queue;

/** Looks at what queues say that they hold, for tests in other packages. */
public final class HeldMemory {
    private HeldMemory() {}

    /** What all queues on the loop of this one hold together, in bytes. */
    public static long beside(QueueRef queue) {
        return queue.host().heldBytes(queue.loop()).get();
    }
}
