package io.leveret.broker.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The memory that the messages in the queues of one loop stand for. Written by that loop alone, read by any thread. */
public final class HeldBytes {
    private static final VarHandle BYTES;

    static {
        try {
            BYTES = MethodHandles.lookup().findVarHandle(HeldBytes.class, "bytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long bytes;

    /**
     * Counts a change, in bytes; on the loop it belongs to. Done several times for each message, so it is a plain write: a
     * stronger one would make the compiler forget what it knows about the queue.
     */
    public void add(long change) {
        bytes += change;
    }

    /** The sum of all changes; for another thread as it was when the loop did its last task, or a little newer. */
    public long get() {
        return (long) BYTES.getOpaque(this);
    }
}
