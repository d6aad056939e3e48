package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The binding is gone. */
public record QueueUnbindOk() implements QueueMethod {
    public static final int ID = 50 << 16 | 51;

    static QueueUnbindOk readFrom(MethodReader in) {
        return new QueueUnbindOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
