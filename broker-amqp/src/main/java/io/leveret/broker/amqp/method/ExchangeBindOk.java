package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The binding exists. */
public record ExchangeBindOk() implements ExchangeMethod {
    public static final int ID = 40 << 16 | 31;

    static ExchangeBindOk readFrom(MethodReader in) {
        return new ExchangeBindOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
