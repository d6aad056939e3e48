package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Gives back all unacknowledged deliveries. */
public record BasicRecover(boolean requeue) implements BasicMethod {
    public static final int ID = 60 << 16 | 110;

    static BasicRecover readFrom(MethodReader in) {
        return new BasicRecover(in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeBoolean(requeue);
    }
}
