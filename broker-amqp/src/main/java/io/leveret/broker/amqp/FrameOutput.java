package io.leveret.broker.amqp;

import io.leveret.broker.amqp.frame.FrameType;
import io.leveret.broker.amqp.frame.FrameWriter;
import io.leveret.broker.amqp.method.AmqpMethod;
import io.leveret.broker.message.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Gathers frames in one buffer until it is flushed or full. Owned by the connection's loop, as is the buffer; an idle
 * connection holds none.
 */
final class FrameOutput {
    private static final int SMALLEST = 512;
    private static final int LARGEST = 64 * 1024;
    private static final long MOST_UNSENT = 8L << 20;
    private static final int USUAL_METHOD = 128;

    private final SocketChannel socket;
    private final Runnable onFull;
    private @Nullable ByteBuf out;
    private int nextSize = SMALLEST;
    private int frameMax;
    private boolean wroteSinceAsked;
    private boolean sealed;
    private boolean closed;

    /**
     * @param onFull called when more is waiting to be sent than a client that reads would ever leave, as it can be made to
     *     with requests; deliveries stop long before
     */
    FrameOutput(SocketChannel socket, Runnable onFull) {
        this.socket = socket;
        this.onFull = onFull;
    }

    /** Sets the largest frame to send, 0 for no limit. */
    void frameMax(int negotiated) {
        frameMax = negotiated;
    }

    boolean isWritable() {
        return socket.isWritable();
    }

    void bytes(long eightBytes) {
        room(Long.BYTES).writeLong(eightBytes);
    }

    void method(int channel, AmqpMethod method) {
        if (sealed && channel != 0) {
            return;
        }
        FrameWriter.method(room(USUAL_METHOD), channel, method);
    }

    void heartbeat() {
        FrameWriter.heartbeat(room(FrameType.OVERHEAD));
    }

    void deliver(int channel, byte[] consumerTag, long deliveryTag, boolean redelivered, Message message) {
        if (sealed) {
            return;
        }
        int length = FrameWriter.deliverLength(consumerTag, message) + FrameWriter.headerLength(message);
        ByteBuf buffer = room(length + FrameType.OVERHEAD + Math.min(message.bodyLength(), LARGEST));
        FrameWriter.deliver(buffer, channel, consumerTag, deliveryTag, redelivered, message);
        content(channel, message);
    }

    /** The header and body frames of a message. */
    void content(int channel, Message message) {
        if (sealed) {
            return;
        }
        FrameWriter.header(room(FrameWriter.headerLength(message)), channel, message);
        int most = frameMax == 0 ? Integer.MAX_VALUE : frameMax - FrameType.OVERHEAD;
        int at = message.bodyOffset();
        int end = message.data().length;
        while (at < end) {
            int length = Math.min(most, end - at);
            ByteBuf buffer = room(length + FrameType.OVERHEAD);
            FrameWriter.bodyStart(buffer, channel, length);
            buffer.writeBytes(message.data(), at, length).writeByte(FrameType.END);
            at += length;
        }
    }

    private ByteBuf room(int bytes) {
        wroteSinceAsked = true;
        ByteBuf buffer = out;
        if (buffer != null && buffer.writableBytes() < bytes) {
            nextSize = Math.min(nextSize * 2, LARGEST);
            passOn(buffer);
            socket.flush();
            buffer = null;
        }
        if (buffer == null) {
            buffer = socket.alloc().directBuffer(Math.max(bytes, nextSize));
            out = buffer;
        }
        return buffer;
    }

    private void passOn(ByteBuf full) {
        out = null;
        if (closed) {
            full.release();
        } else {
            socket.write(full, socket.voidPromise());
            if (socket.bytesBeforeWritable() > MOST_UNSENT) {
                onFull.run();
            }
        }
    }

    /** From now on only methods of channel 0 are written: connection.close is the last word to every channel. */
    void seal() {
        sealed = true;
    }

    /** Sends what was written. */
    void flush() {
        ByteBuf buffer = out;
        if (buffer != null) {
            if (buffer.readableBytes() < nextSize / 4) {
                nextSize = Math.max(nextSize / 2, SMALLEST);
            }
            passOn(buffer);
        }
        if (!closed) {
            socket.flush();
        }
    }

    /** Whether anything was written since the last time this was asked. */
    boolean pollWrote() {
        boolean wrote = wroteSinceAsked;
        wroteSinceAsked = false;
        return wrote;
    }

    /** Drops what is not sent and everything that comes. */
    void close() {
        closed = true;
        ByteBuf buffer = out;
        if (buffer != null) {
            out = null;
            buffer.release();
        }
    }
}
