package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The exchange is gone. */
public record ExchangeDeleteOk() implements ExchangeMethod {
    public static final int ID = 40 << 16 | 21;

    static ExchangeDeleteOk readFrom(MethodReader in) {
        return new ExchangeDeleteOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
