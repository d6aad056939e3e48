package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The limit is set. */
public record BasicQosOk() implements BasicMethod {
    public static final int ID = 60 << 16 | 11;

    static BasicQosOk readFrom(MethodReader in) {
        return new BasicQosOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
