package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The transaction is rolled back. */
public record TxRollbackOk() implements TxMethod {
    public static final int ID = 90 << 16 | 31;

    static TxRollbackOk readFrom(MethodReader in) {
        return new TxRollbackOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
