package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Refuses one delivery. */
public record BasicReject(long deliveryTag, boolean requeue) implements BasicMethod {
    public static final int ID = 60 << 16 | 90;

    static BasicReject readFrom(MethodReader in) {
        return new BasicReject(in.readLongLong(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeLong(deliveryTag);
        out.writeBoolean(requeue);
    }
}
