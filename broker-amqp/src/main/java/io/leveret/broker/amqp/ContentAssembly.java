package io.leveret.broker.amqp;

import io.leveret.broker.amqp.frame.FrameType;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.limit.HeldBytes;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Puts one published message together from its method, header and body frames. Owned by its channel; used again for every
 * message.
 *
 * <p>The array that becomes the message is made when the header tells its size. A large body is given room only as its
 * bytes arrive, so that a header alone can't claim memory.
 */
final class ContentAssembly {
    private static final int MAX_ADDRESS = 2 * 256;
    private static final int BODY_AT_ONCE = 256 * 1024;

    /** Smaller messages are not worth counting while they come: a channel has one. */
    private static final int WORTH_COUNTING = 4 * 1024;

    private static final int CONTENT_CLASS = 60;
    private static final long MAX_BODY = 536_870_912L;
    private static final byte[] NONE = {};

    private final int maxMessageSize;
    private final HeldBytes held;
    private final byte[] address = new byte[MAX_ADDRESS];
    private int addressLength;
    private boolean mandatory;
    private boolean immediate;
    private byte[] data = NONE;
    private int heldBytes;
    private int filled;
    private int bodyOffset;
    private long bodySize;
    private long bodyMissing;
    private Expecting expecting = Expecting.METHOD;

    private enum Expecting {
        METHOD,
        HEADER,
        BODY
    }

    /**
     * @param maxMessageSize the largest body kept; a larger one is read and dropped, to be refused when it is complete
     * @param held where what has come counts as memory in use
     */
    ContentAssembly(int maxMessageSize, HeldBytes held) {
        this.maxMessageSize = maxMessageSize;
        this.held = held;
    }

    boolean isAssembling() {
        return expecting != Expecting.METHOD;
    }

    /** The error for a method frame that comes in the middle of a content. */
    AmqpError unexpectedMethod() {
        return expecting == Expecting.HEADER
                ? unexpected("expected content header for class 60, got non content header frame instead")
                : unexpected("expected content body, got non content body frame instead");
    }

    /**
     * Begins with the arguments of {@code basic.publish}.
     *
     * @return whether their layout was right
     */
    boolean begin(ByteBuf in, int length) {
        int start = in.readerIndex();
        if (length < 2 + 1 + 1 + 1) {
            return false;
        }
        int exchangeLength = in.getUnsignedByte(start + 2);
        if (length < 2 + 1 + exchangeLength + 1 + 1) {
            return false;
        }
        int keyLength = in.getUnsignedByte(start + 3 + exchangeLength);
        addressLength = 1 + exchangeLength + 1 + keyLength;
        if (length != 2 + addressLength + 1) {
            return false;
        }
        in.getBytes(start + 2, address, 0, addressLength);
        int bits = in.getByte(start + 2 + addressLength);
        mandatory = (bits & 1) != 0;
        immediate = (bits & 2) != 0;
        expecting = Expecting.HEADER;
        return true;
    }

    /**
     * Takes the content header.
     *
     * @return whether the message is complete, having no body
     */
    boolean header(ByteBuf in, int length) {
        if (expecting == Expecting.METHOD) {
            throw unexpected("expected method frame, got non method frame instead")
                    .causedBy(AmqpError.NO_METHOD);
        }
        if (expecting == Expecting.BODY) {
            throw unexpected("expected content body, got non content body frame instead");
        }
        int classId = in.readUnsignedShort();
        if (classId != CONTENT_CLASS) {
            throw unexpected("expected content header for class 60, got one for class " + classId + " instead");
        }
        if (in.readUnsignedShort() != 0) {
            throw unexpected("expected content header for class 60, got non content header frame instead");
        }
        if (length < FrameType.CONTENT_HEADER_FIXED + Short.BYTES) {
            throw AmqpError.of(ReplyCode.INTERNAL_ERROR, "").causedBy(AmqpError.NO_METHOD);
        }
        bodySize = in.readLong();
        if (bodySize < 0 || bodySize > MAX_BODY) {
            throw AmqpError.of(
                    ReplyCode.FRAME_ERROR,
                    "content body size " + Long.toUnsignedString(bodySize) + " exceeds maximum allowed size "
                            + MAX_BODY);
        }
        int propertiesLength = length - FrameType.CONTENT_HEADER_FIXED;
        bodyOffset = addressLength + propertiesLength;
        int room = isTooLarge() ? 0 : (int) Math.min(bodySize, BODY_AT_ONCE);
        data = new byte[bodyOffset + room];
        count();
        System.arraycopy(address, 0, data, 0, addressLength);
        in.readBytes(data, addressLength, propertiesLength);
        filled = bodyOffset;
        bodyMissing = bodySize;
        expecting = bodySize == 0 ? Expecting.METHOD : Expecting.BODY;
        return bodySize == 0;
    }

    /** Checks that a body frame of this length may come now. */
    void bodyStart(int length) {
        if (expecting == Expecting.METHOD) {
            throw unexpected("expected method frame, got non method frame instead")
                    .causedBy(AmqpError.NO_METHOD);
        }
        if (expecting == Expecting.HEADER) {
            throw unexpected("expected content header for class 60, got non content header frame instead");
        }
        if (length > bodyMissing) {
            throw AmqpError.of(ReplyCode.FRAME_ERROR, "content body frame exceeds remaining content size");
        }
    }

    void bodyPart(ByteBuf in, int length) {
        bodyMissing -= length;
        if (isTooLarge()) {
            in.skipBytes(length);
            return;
        }
        if (filled + length > data.length) {
            long whole = bodyOffset + bodySize;
            data = Arrays.copyOf(data, (int) Math.min(whole, Math.max(2L * data.length, (long) filled + length)));
            count();
        }
        in.readBytes(data, filled, length);
        filled += length;
    }

    /** Whether the body frame that ended was the last. */
    boolean bodyEnd() {
        if (expecting != Expecting.BODY || bodyMissing > 0) {
            return false;
        }
        expecting = Expecting.METHOD;
        return true;
    }

    boolean isMandatory() {
        return mandatory;
    }

    boolean isImmediate() {
        return immediate;
    }

    int propertiesOffset() {
        return addressLength;
    }

    int bodyOffset() {
        return bodyOffset;
    }

    /** The size of the body as the header declared it. */
    long bodySize() {
        return bodySize;
    }

    /** Gives the complete message away: address, properties, body. */
    byte[] take() {
        byte[] whole = data;
        discard();
        return whole;
    }

    /** Drops what has come. */
    void discard() {
        data = NONE;
        if (heldBytes != 0) {
            held.add(-heldBytes);
            heldBytes = 0;
        }
    }

    private void count() {
        if (data.length > WORTH_COUNTING) {
            held.add(data.length - heldBytes);
            heldBytes = data.length;
        }
    }

    /** Whether the body is larger than what is kept. */
    boolean isTooLarge() {
        return bodySize > maxMessageSize;
    }

    private static AmqpError unexpected(String explanation) {
        return AmqpError.of(ReplyCode.UNEXPECTED_FRAME, explanation);
    }
}
