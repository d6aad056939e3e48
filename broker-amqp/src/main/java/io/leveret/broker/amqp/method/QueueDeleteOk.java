package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** How many messages went with the queue. */
public record QueueDeleteOk(long messageCount) implements QueueMethod {
    public static final int ID = 50 << 16 | 41;

    static QueueDeleteOk readFrom(MethodReader in) {
        return new QueueDeleteOk(in.readLong());
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
