package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Limits unacknowledged deliveries; 0 means no limit. */
public record BasicQos(long prefetchSize, int prefetchCount, boolean global) implements BasicMethod {
    public static final int ID = 60 << 16 | 10;

    static BasicQos readFrom(MethodReader in) {
        return new BasicQos(in.readLong(), in.readShort(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeInt((int) prefetchSize);
        out.writeShort(prefetchCount);
        out.writeBoolean(global);
    }
}
