package io.leveret.broker.amqp.frame;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Cuts a stream of bytes into frames. Owned by the loop of its connection.
 *
 * <p>Method and header frames are given on whole; the payload of a body frame is passed through as it arrives, so that a
 * large body is copied once, from the socket's buffer to its message. Bytes of an incomplete item are kept until the rest
 * comes, never more than one frame of the allowed size.
 */
public final class FrameDecoder {
    private static final int PROTOCOL_HEADER_LENGTH = 8;
    private static final int FRAME_HEADER_LENGTH = 7;
    private static final int SHOWN_OCTETS = 16;

    private final FrameSink sink;
    private ByteBuf partial = Unpooled.EMPTY_BUFFER;
    private State state = State.PROTOCOL_HEADER;
    private long frameMax;
    private int type;
    private int channel;
    private int remaining;

    private enum State {
        PROTOCOL_HEADER,
        FRAME_HEADER,
        PAYLOAD,
        BODY,
        BODY_END
    }

    /** @param frameMax the largest payload accepted until {@link #frameMax(long)} says otherwise */
    public FrameDecoder(FrameSink sink, long frameMax) {
        this.sink = sink;
        this.frameMax = frameMax;
    }

    /** Sets the largest payload from now on, 0 for no limit. RabbitMQ compares the payload, not the frame. */
    public void frameMax(long negotiated) {
        frameMax = negotiated;
    }

    /**
     * Decodes until the bytes are used up or the sink pauses. Bytes that are left by a pause stay in {@code in}; the
     * caller brings them again.
     *
     * @throws AmqpError 501 or 505; nothing can be decoded afterwards
     */
    public void decode(ByteBuf in) {
        while (in.isReadable() && !sink.isPaused()) {
            if (!partial.isReadable()) {
                decodeFrom(in);
                if (in.isReadable() && !sink.isPaused()) {
                    keep(in, in.readableBytes());
                }
            } else {
                keep(in, Math.min(in.readableBytes(), needed() - partial.readableBytes()));
                decodeFrom(partial);
                if (!partial.isReadable()) {
                    release();
                }
            }
        }
    }

    /** Frees what is kept of an incomplete frame. */
    public void release() {
        partial.release();
        partial = Unpooled.EMPTY_BUFFER;
    }

    private void keep(ByteBuf in, int length) {
        if (partial == Unpooled.EMPTY_BUFFER) {
            partial = in.alloc().buffer(needed());
        }
        partial.writeBytes(in, length);
    }

    /** How many bytes the current state wants to see at once. */
    private int needed() {
        return switch (state) {
            case PROTOCOL_HEADER -> PROTOCOL_HEADER_LENGTH;
            case FRAME_HEADER -> FRAME_HEADER_LENGTH;
            case PAYLOAD -> remaining + 1;
            case BODY, BODY_END -> 1;
        };
    }

    private void decodeFrom(ByteBuf in) {
        while (!sink.isPaused() && in.readableBytes() >= needed()) {
            switch (state) {
                case PROTOCOL_HEADER -> {
                    state = State.FRAME_HEADER;
                    sink.onProtocolHeader(in.readLong());
                }
                case FRAME_HEADER -> readFrameHeader(in);
                case PAYLOAD -> readPayload(in);
                case BODY -> readBody(in);
                case BODY_END -> {
                    checkEnd(Unpooled.EMPTY_BUFFER, 0, in.readUnsignedByte());
                    state = State.FRAME_HEADER;
                    sink.onBodyEnd(channel);
                }
            }
        }
    }

    private void readFrameHeader(ByteBuf in) {
        type = in.readUnsignedByte();
        channel = in.readUnsignedShort();
        long size = in.readUnsignedInt();
        if (frameMax != 0 && size > frameMax || size > Integer.MAX_VALUE - FrameType.OVERHEAD) {
            throw AmqpError.of(
                    ReplyCode.FRAME_ERROR,
                    "type " + type + ", all octets = <<>>: {frame_too_large," + size + ","
                            + (frameMax - FrameType.OVERHEAD) + "}");
        }
        remaining = (int) size;
        if (type != FrameType.BODY) {
            state = State.PAYLOAD;
        } else if (in.readableBytes() > remaining) {
            readWholeBody(in);
        } else {
            state = State.BODY;
            sink.onBodyStart(channel, in, remaining);
        }
    }

    private void readWholeBody(ByteBuf in) {
        int start = in.readerIndex();
        checkEnd(in, start, in.getUnsignedByte(start + remaining));
        sink.onBodyStart(channel, in, remaining);
        sink.onBodyPart(channel, in, remaining);
        in.readerIndex(start + remaining + 1);
        sink.onBodyEnd(channel);
    }

    private void readPayload(ByteBuf in) {
        int start = in.readerIndex();
        int end = start + remaining;
        checkEnd(in, start, in.getUnsignedByte(end));
        if (!FrameType.isWellFormed(type, remaining)) {
            throw malformed(octets(in, start), "unknown_frame");
        }
        if (type == FrameType.METHOD) {
            sink.onMethod(channel, in, remaining);
        } else if (type == FrameType.HEADER) {
            sink.onHeader(channel, in, remaining);
        } else {
            sink.onHeartbeat(channel);
        }
        in.readerIndex(end + 1);
        state = State.FRAME_HEADER;
    }

    private void readBody(ByteBuf in) {
        int length = Math.min(remaining, in.readableBytes());
        sink.onBodyPart(channel, in, length);
        remaining -= length;
        if (remaining == 0) {
            state = State.BODY_END;
        }
    }

    private void checkEnd(ByteBuf in, int start, int octet) {
        if (octet != FrameType.END) {
            throw malformed(octets(in, start), "{invalid_frame_end_marker," + octet + "}");
        }
    }

    /** The first octets of a frame; of a body frame that came in pieces they are gone. */
    private byte[] octets(ByteBuf in, int start) {
        return in.isReadable() ? ByteBufUtil.getBytes(in, start, Math.min(remaining, SHOWN_OCTETS)) : new byte[0];
    }

    private AmqpError malformed(byte[] octets, String reason) {
        String which = remaining > SHOWN_OCTETS ? "first " + SHOWN_OCTETS : "all";
        return AmqpError.of(
                ReplyCode.FRAME_ERROR,
                "type " + type + ", " + which + " octets = " + ErlangBinary.of(octets) + ": " + reason);
    }
}
