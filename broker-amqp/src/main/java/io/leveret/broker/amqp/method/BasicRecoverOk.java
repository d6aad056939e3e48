package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The deliveries are given back. */
public record BasicRecoverOk() implements BasicMethod {
    public static final int ID = 60 << 16 | 111;

    static BasicRecoverOk readFrom(MethodReader in) {
        return new BasicRecoverOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
