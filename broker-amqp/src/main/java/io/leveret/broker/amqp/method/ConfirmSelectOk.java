package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Publisher confirms are on. */
public record ConfirmSelectOk() implements ConfirmMethod {
    public static final int ID = 85 << 16 | 11;

    static ConfirmSelectOk readFrom(MethodReader in) {
        return new ConfirmSelectOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
