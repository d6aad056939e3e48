package io.leveret.broker.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;

/**
 * A run of publishes that was encoded once. What is sent are copies of it; only the stamps in the bodies differ. A copy
 * that the socket has taken is used again.
 *
 * <p>A body of {@link #STAMP_BYTES} or more begins with the time of sending (8 bytes, {@link System#nanoTime()}) and the
 * number of the message (8 bytes, from 0 for each batch object); shorter bodies are all zero.
 *
 * <p>Owned by one event loop.
 */
final class PublishBatch {
    /** The bytes at the beginning of a body that are written anew for each message. */
    static final int STAMP_BYTES = 16;

    private static final int COPIES = 64;

    private final ByteBufAllocator alloc;
    private final ByteBuf template;
    private final int[] starts;
    private final int[] bodies;
    private final boolean stamped;
    private final ByteBuf[] copies = new ByteBuf[COPIES];
    private int nextCopy;
    private long sequence;

    private PublishBatch(ByteBufAllocator alloc, ByteBuf template, int[] starts, int[] bodies, boolean stamped) {
        this.alloc = alloc;
        this.template = template;
        this.starts = starts;
        this.bodies = bodies;
        this.stamped = stamped;
        for (int i = 0; i < COPIES; i++) {
            copies[i] = newCopy();
        }
    }

    /** Encodes {@code count} publishes that take the routing keys in turn. */
    static PublishBatch encode(
            int channel,
            String exchange,
            List<String> routingKeys,
            boolean persistent,
            int bodySize,
            int frameMax,
            int count) {
        ByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;
        ByteBuf template = alloc.directBuffer();
        int[] starts = new int[count + 1];
        int[] bodies = new int[count];
        byte[] body = new byte[bodySize];
        for (int i = 0; i < count; i++) {
            String routingKey = routingKeys.get(i % routingKeys.size());
            bodies[i] = Frames.publish(template, channel, exchange, routingKey, persistent, body, frameMax);
            starts[i + 1] = template.writerIndex();
        }
        return new PublishBatch(alloc, template, starts, bodies, bodySize >= STAMP_BYTES);
    }

    /** How many publishes one turn of the batch has. */
    int size() {
        return bodies.length;
    }

    /**
     * Publishes {@code from} to {@code to - 1} of the batch, stamped with this time and the next numbers. The caller has to
     * release the buffer, which writing it to a socket does.
     */
    ByteBuf take(int from, int to, long nanos) {
        ByteBuf copy = freeCopy();
        if (stamped) {
            for (int i = from; i < to; i++) {
                copy.setLong(bodies[i], nanos);
                copy.setLong(bodies[i] + Long.BYTES, sequence++);
            }
        }
        return copy.setIndex(starts[from], starts[to]);
    }

    /** Lets go of the memory; what was taken is not affected. */
    void release() {
        template.release();
        for (ByteBuf copy : copies) {
            copy.release();
        }
    }

    private ByteBuf freeCopy() {
        int index = nextCopy;
        nextCopy = (index + 1) % COPIES;
        if (copies[index].refCnt() > 1) {
            copies[index].release();
            copies[index] = newCopy();
        }
        return copies[index].retain();
    }

    private ByteBuf newCopy() {
        return alloc.directBuffer(template.writerIndex()).writeBytes(template, 0, template.writerIndex());
    }
}
