package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The server asks for more in a SASL exchange. Compares the challenge by identity. */
public record ConnectionSecure(byte[] challenge) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 20;

    static ConnectionSecure readFrom(MethodReader in) {
        return new ConnectionSecure(in.readLongStringBytes());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.longString(out, challenge);
    }
}
