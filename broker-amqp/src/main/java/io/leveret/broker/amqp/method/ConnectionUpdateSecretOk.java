package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The new credentials are taken. */
public record ConnectionUpdateSecretOk() implements ConnectionMethod {
    public static final int ID = 10 << 16 | 71;

    static ConnectionUpdateSecretOk readFrom(MethodReader in) {
        return new ConnectionUpdateSecretOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
