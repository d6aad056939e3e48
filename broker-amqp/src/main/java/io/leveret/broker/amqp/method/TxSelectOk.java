package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The channel is transactional. */
public record TxSelectOk() implements TxMethod {
    public static final int ID = 90 << 16 | 11;

    static TxSelectOk readFrom(MethodReader in) {
        return new TxSelectOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
