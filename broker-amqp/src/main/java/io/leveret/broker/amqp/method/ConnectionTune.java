package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The server proposes limits, 0 meaning none, and a heartbeat in seconds. */
public record ConnectionTune(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 30;

    static ConnectionTune readFrom(MethodReader in) {
        return new ConnectionTune(in.readShort(), in.readLong(), in.readShort());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(channelMax);
        out.writeInt((int) frameMax);
        out.writeShort(heartbeat);
    }
}
