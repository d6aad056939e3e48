package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The virtual host is open. */
public record ConnectionOpenOk() implements ConnectionMethod {
    public static final int ID = 10 << 16 | 41;

    static ConnectionOpenOk readFrom(MethodReader in) {
        in.readShortString();
        return new ConnectionOpenOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeByte(0);
    }
}
