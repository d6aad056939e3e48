package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The client names the virtual host it works in. */
public record ConnectionOpen(String virtualHost) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 40;

    static ConnectionOpen readFrom(MethodReader in) {
        var method = new ConnectionOpen(in.readShortString());
        in.readShortString();
        in.readBit();
        return method;
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.shortString(out, virtualHost);
        out.writeByte(0);
        out.writeByte(0);
    }
}
