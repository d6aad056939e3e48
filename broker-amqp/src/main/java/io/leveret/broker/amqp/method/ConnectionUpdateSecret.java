package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The client renews its credentials; RabbitMQ extension. Compares the secret by identity. */
public record ConnectionUpdateSecret(byte[] newSecret, String reason) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 70;

    static ConnectionUpdateSecret readFrom(MethodReader in) {
        return new ConnectionUpdateSecret(in.readLongStringBytes(), in.readShortString());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.longString(out, newSecret);
        MethodWriter.shortString(out, reason);
    }
}
