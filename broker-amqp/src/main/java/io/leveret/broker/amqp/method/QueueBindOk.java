package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The binding exists. */
public record QueueBindOk() implements QueueMethod {
    public static final int ID = 50 << 16 | 21;

    static QueueBindOk readFrom(MethodReader in) {
        return new QueueBindOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
