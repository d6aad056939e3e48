package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The exchange exists. */
public record ExchangeDeclareOk() implements ExchangeMethod {
    public static final int ID = 40 << 16 | 11;

    static ExchangeDeclareOk readFrom(MethodReader in) {
        return new ExchangeDeclareOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
