package io.leveret.broker.loop;

import java.util.List;

/** The fixed set of loops of one broker. */
public interface EventLoops {

    /** All loops, in a fixed order. */
    List<? extends EventLoop> all();

    /** The loop to give the next thing to that has no natural owner. Any thread. */
    EventLoop next();

    /** The memory outside the heap that the buffers of the loops take, in bytes; any thread. */
    default long bufferBytes() {
        return 0;
    }

    /** How much that may be at most. */
    default long maxBufferBytes() {
        return Long.MAX_VALUE;
    }
}
