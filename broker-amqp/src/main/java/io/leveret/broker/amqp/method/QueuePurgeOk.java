package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** How many messages were dropped. */
public record QueuePurgeOk(long messageCount) implements QueueMethod {
    public static final int ID = 50 << 16 | 31;

    static QueuePurgeOk readFrom(MethodReader in) {
        return new QueuePurgeOk(in.readLong());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeInt((int) messageCount);
    }
}
