package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Commits the transaction of the channel. */
public record TxCommit() implements TxMethod {
    public static final int ID = 90 << 16 | 20;

    static TxCommit readFrom(MethodReader in) {
        return new TxCommit();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
