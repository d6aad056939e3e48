package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Makes the channel transactional. */
public record TxSelect() implements TxMethod {
    public static final int ID = 90 << 16 | 10;

    static TxSelect readFrom(MethodReader in) {
        return new TxSelect();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
