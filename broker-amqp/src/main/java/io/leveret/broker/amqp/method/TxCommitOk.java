package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The transaction is committed. */
public record TxCommitOk() implements TxMethod {
    public static final int ID = 90 << 16 | 21;

    static TxCommitOk readFrom(MethodReader in) {
        return new TxCommitOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
