package io.leveret.broker.amqp;

import io.leveret.broker.amqp.frame.FrameDecoder;
import io.leveret.broker.amqp.frame.FrameSink;
import io.leveret.broker.error.AmqpError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The bytes that come in on a connection, and the one place that decides whether more of them are taken. Owned by the
 * connection's loop, as are the buffers it is given until they are decoded.
 *
 * <p>Nothing is decoded and nothing is read from the socket while there is any reason to wait. Reasons come and go
 * independently of each other; one that is there already does not count twice.
 */
final class Inbound {
    private final SocketChannel socket;
    private final FrameDecoder decoder;
    private final Consumer<AmqpError> onFramingError;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>(2);
    private int waitingFor;
    private boolean decoding;
    private boolean closed;

    /** Why to wait. */
    enum Wait {
        /** A request has to be answered before the next one. */
        ANSWER,
        /** Queues of other loops do not keep up. */
        QUEUES,
        /** The client does not read what it is sent. */
        CLIENT,
        /** The client publishes while an alarm is on. */
        ALARM,
        /** The broker stops, and finishes what it has. */
        SHUTDOWN,
        /** Nothing more is to be understood. */
        END;

        private final int bit = 1 << ordinal();
    }

    /** @param onFramingError told once about bytes that are no frames; nothing after them can be understood */
    Inbound(SocketChannel socket, FrameSink sink, Consumer<AmqpError> onFramingError) {
        this.socket = socket;
        this.decoder = new FrameDecoder(sink, AmqpServerConfig.FRAME_MIN_SIZE);
        this.onFramingError = onFramingError;
    }

    /** Sets the largest frame from now on, 0 for no limit. */
    void frameMax(long negotiated) {
        decoder.frameMax(negotiated);
    }

    /** Takes over what was read and decodes it as far as nobody waits. */
    void read(ByteBuf bytes) {
        unread.add(bytes);
        decode();
    }

    /** Whether the decoder has to stop before the next frame. */
    boolean isSuspended() {
        return waitingFor != 0 || closed;
    }

    void suspend(Wait reason) {
        if (waitingFor == 0) {
            socket.config().setAutoRead(false);
        }
        waitingFor |= reason.bit;
    }

    /** Ends a reason to wait; if it was the last, decodes what is there and then reads on. */
    void resume(Wait reason) {
        if ((waitingFor & reason.bit) == 0) {
            return;
        }
        waitingFor &= ~reason.bit;
        if (waitingFor == 0 && !closed) {
            decode();
            if (!isSuspended()) {
                socket.config().setAutoRead(true);
            }
        }
    }

    /** Drops what is there and what comes. */
    void close() {
        closed = true;
        if (!decoding) {
            drop();
        }
    }

    private void decode() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            ByteBuf in;
            while (!isSuspended() && (in = unread.peek()) != null) {
                decoder.decode(in);
                if (!in.isReadable()) {
                    unread.remove();
                    in.release();
                }
            }
        } catch (AmqpError error) {
            onFramingError.accept(error);
        } finally {
            decoding = false;
        }
        if (closed) {
            drop();
        }
    }

    private void drop() {
        ByteBuf in;
        while ((in = unread.poll()) != null) {
            in.release();
        }
        decoder.release();
    }
}
