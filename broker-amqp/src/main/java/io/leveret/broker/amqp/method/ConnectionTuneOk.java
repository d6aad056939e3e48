package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The client settles limits, 0 meaning none, and the heartbeat in seconds. */
public record ConnectionTuneOk(int channelMax, long frameMax, int heartbeat) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 31;

    static ConnectionTuneOk readFrom(MethodReader in) {
        return new ConnectionTuneOk(in.readShort(), in.readLong(), in.readShort());
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
