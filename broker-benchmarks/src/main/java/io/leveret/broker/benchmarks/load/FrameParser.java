package io.leveret.broker.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Cuts what a server sent into frames, without copying any but those that a read ended within.
 *
 * <p>Owned by one connection's event loop.
 */
final class FrameParser {
    private static final int LARGEST_PAYLOAD = 1 << 28;

    private final FrameHandler handler;
    private final ByteBuf partial = Unpooled.buffer(256);

    FrameParser(FrameHandler handler) {
        this.handler = handler;
    }

    /**
     * Hands each whole frame to the handler and keeps the rest for the next call. {@code in} stays the caller's.
     *
     * @throws IllegalStateException when the bytes are no AMQP frames
     */
    void feed(ByteBuf in) {
        if (partial.isReadable() && !completePartial(in)) {
            return;
        }
        int index = in.readerIndex();
        int end = in.writerIndex();
        while (end - index >= Frames.HEAD_BYTES) {
            int size = payloadSize(in, index);
            if (end - index < size + Frames.OVERHEAD_BYTES) {
                break;
            }
            dispatch(in, index, size);
            index += size + Frames.OVERHEAD_BYTES;
        }
        in.readerIndex(index);
        partial.writeBytes(in);
    }

    /** Whether the last read ended within a frame. */
    boolean isWithinFrame() {
        return partial.isReadable();
    }

    private boolean completePartial(ByteBuf in) {
        if (!take(in, Frames.HEAD_BYTES)) {
            return false;
        }
        int size = payloadSize(partial, 0);
        if (!take(in, size + Frames.OVERHEAD_BYTES)) {
            return false;
        }
        dispatch(partial, 0, size);
        partial.clear();
        return true;
    }

    private boolean take(ByteBuf in, int length) {
        int missing = length - partial.readableBytes();
        if (missing > 0) {
            partial.writeBytes(in, Math.min(missing, in.readableBytes()));
        }
        return partial.readableBytes() >= length;
    }

    private static int payloadSize(ByteBuf in, int index) {
        int size = in.getInt(index + 3);
        if (size < 0 || size > LARGEST_PAYLOAD) {
            throw new IllegalStateException("the server sent a frame of " + Integer.toUnsignedLong(size) + " bytes");
        }
        return size;
    }

    private void dispatch(ByteBuf in, int index, int size) {
        int type = in.getByte(index);
        int channel = in.getUnsignedShort(index + 1);
        int payload = index + Frames.HEAD_BYTES;
        if (in.getUnsignedByte(payload + size) != Frames.END) {
            throw new IllegalStateException("the server sent a frame of type " + type + " without its end octet");
        }
        switch (type) {
            case Frames.BODY -> handler.onBody(channel, in, payload, size);
            case Frames.HEADER -> handler.onHeader(channel, in.getLong(payload + 4));
            case Frames.METHOD -> handler.onMethod(channel, in.getInt(payload), in, payload + 4);
            case Frames.HEARTBEAT -> {}
            default -> throw new IllegalStateException("the server sent a frame of type " + type);
        }
    }
}
