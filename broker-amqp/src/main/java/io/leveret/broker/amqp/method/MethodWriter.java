package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.text.Utf8;
import io.netty.buffer.ByteBuf;

/** The fields of methods that a {@link ByteBuf} cannot write by itself. */
final class MethodWriter {
    private static final int MAX_SHORT_STRING = 255;

    private MethodWriter() {}

    /** Up to eight bits in one octet, the lowest first. */
    static void bits(ByteBuf out, boolean... bits) {
        int octet = 0;
        for (int i = 0; i < bits.length; i++) {
            octet |= bits[i] ? 1 << i : 0;
        }
        out.writeByte(octet);
    }

    static void shortString(ByteBuf out, String text) {
        byte[] bytes = Utf8.encode(text);
        if (bytes.length > MAX_SHORT_STRING) {
            throw new IllegalArgumentException("a shortstr holds 255 bytes, not " + bytes.length);
        }
        out.writeByte(bytes.length).writeBytes(bytes);
    }

    static void longString(ByteBuf out, String text) {
        longString(out, Utf8.encode(text));
    }

    static void longString(ByteBuf out, byte[] bytes) {
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    static void table(ByteBuf out, FieldTable table) {
        longString(out, table.toBytes());
    }
}
