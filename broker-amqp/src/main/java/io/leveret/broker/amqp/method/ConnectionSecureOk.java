package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The client answers a SASL challenge. Compares the response by identity. */
public record ConnectionSecureOk(byte[] response) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 21;

    static ConnectionSecureOk readFrom(MethodReader in) {
        return new ConnectionSecureOk(in.readLongStringBytes());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.longString(out, response);
    }
}
