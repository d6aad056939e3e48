package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The binding is gone. Its method id is 51, not 41. */
public record ExchangeUnbindOk() implements ExchangeMethod {
    public static final int ID = 40 << 16 | 51;

    static ExchangeUnbindOk readFrom(MethodReader in) {
        return new ExchangeUnbindOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
