package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The end of the connection is agreed. */
public record ConnectionCloseOk() implements ConnectionMethod {
    public static final int ID = 10 << 16 | 51;

    static ConnectionCloseOk readFrom(MethodReader in) {
        return new ConnectionCloseOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
