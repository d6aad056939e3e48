package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The channel is open. */
public record ChannelOpenOk() implements ChannelMethod {
    public static final int ID = 20 << 16 | 11;

    static ChannelOpenOk readFrom(MethodReader in) {
        in.readLongString();
        return new ChannelOpenOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeInt(0);
    }
}
