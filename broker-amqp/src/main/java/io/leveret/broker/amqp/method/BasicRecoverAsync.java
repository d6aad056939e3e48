package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Gives back all unacknowledged deliveries without an answer. */
public record BasicRecoverAsync(boolean requeue) implements BasicMethod {
    public static final int ID = 60 << 16 | 100;

    static BasicRecoverAsync readFrom(MethodReader in) {
        return new BasicRecoverAsync(in.readBit());
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
