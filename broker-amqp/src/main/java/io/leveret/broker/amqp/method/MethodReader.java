package io.leveret.broker.amqp.method;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.MalformedTableException;
import io.leveret.broker.text.Utf8;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of one method. Never moves the buffer's reader index.
 *
 * <p>RabbitMQ matches the layout as a whole before it looks at what the fields hold. So wrong lengths are thrown at once,
 * while the first string that is not UTF-8 or table that cannot be decoded is thrown by {@link #finish}.
 */
final class MethodReader {
    private final ByteBuf buffer;
    private final int end;
    private int at;
    private int bits;
    private int nextBit = 1 << Byte.SIZE;
    private @Nullable RuntimeException badContent;

    MethodReader(ByteBuf arguments) {
        buffer = arguments;
        at = arguments.readerIndex();
        end = arguments.writerIndex();
    }

    int readOctet() {
        return buffer.getUnsignedByte(skip(Byte.BYTES));
    }

    int readShort() {
        return buffer.getUnsignedShort(skip(Short.BYTES));
    }

    long readLong() {
        return buffer.getUnsignedInt(skip(Integer.BYTES));
    }

    long readLongLong() {
        return buffer.getLong(skip(Long.BYTES));
    }

    /** Reads a bit; bits that follow each other share octets, the lowest first. */
    boolean readBit() {
        if (nextBit > 0x80) {
            bits = readOctet();
            nextBit = 1;
        }
        boolean set = (bits & nextBit) != 0;
        nextBit <<= 1;
        return set;
    }

    /** Reads a short string that has to be UTF-8. */
    String readShortString() {
        byte[] bytes = bytes(readOctet());
        if (badContent == null && !Utf8.isValid(bytes, 0, bytes.length)) {
            badContent = AmqpError.of(ReplyCode.FRAME_ERROR, "Malformed UTF-8 in shortstr");
        }
        return Utf8.decode(bytes, 0, bytes.length);
    }

    /** Reads a short string of a method with content, where RabbitMQ takes any bytes. */
    String readUncheckedShortString() {
        byte[] bytes = bytes(readOctet());
        return Utf8.decode(bytes, 0, bytes.length);
    }

    String readLongString() {
        byte[] bytes = readLongStringBytes();
        return Utf8.decode(bytes, 0, bytes.length);
    }

    byte[] readLongStringBytes() {
        return bytes(readLong());
    }

    FieldTable readTable() {
        byte[] entries = bytes(readLong());
        try {
            return FieldTable.read(entries, 0, entries.length);
        } catch (MalformedTableException e) {
            if (badContent == null) {
                badContent = new TableFormatException(e);
            }
            return FieldTable.EMPTY;
        }
    }

    /** Throws what is wrong with the method, if anything is. */
    void finish() {
        if (at != end) {
            throw new MethodFormatException(buffer);
        }
        if (badContent != null) {
            throw badContent;
        }
    }

    private byte[] bytes(long length) {
        int from = skip(length);
        byte[] bytes = new byte[(int) length];
        buffer.getBytes(from, bytes);
        return bytes;
    }

    private int skip(long size) {
        if (end - at < size) {
            throw new MethodFormatException(buffer);
        }
        int from = at;
        at += (int) size;
        nextBit = 1 << Byte.SIZE;
        return from;
    }
}
