package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Deletes a queue. */
public record QueueDelete(String queue, boolean ifUnused, boolean ifEmpty, boolean noWait) implements QueueMethod {
    public static final int ID = 50 << 16 | 40;

    static QueueDelete readFrom(MethodReader in) {
        in.readShort();
        return new QueueDelete(in.readShortString(), in.readBit(), in.readBit(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, queue);
        MethodWriter.bits(out, ifUnused, ifEmpty, noWait);
    }
}
