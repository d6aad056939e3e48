package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Drops the ready messages of a queue. */
public record QueuePurge(String queue, boolean noWait) implements QueueMethod {
    public static final int ID = 50 << 16 | 30;

    static QueuePurge readFrom(MethodReader in) {
        in.readShort();
        return new QueuePurge(in.readShortString(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, queue);
        out.writeBoolean(noWait);
    }
}
