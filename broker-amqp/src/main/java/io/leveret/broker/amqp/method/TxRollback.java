package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Rolls the transaction of the channel back. */
public record TxRollback() implements TxMethod {
    public static final int ID = 90 << 16 | 30;

    static TxRollback readFrom(MethodReader in) {
        return new TxRollback();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
