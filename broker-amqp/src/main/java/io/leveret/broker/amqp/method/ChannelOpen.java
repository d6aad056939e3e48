package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Opens the channel of the frame. */
public record ChannelOpen() implements ChannelMethod {
    public static final int ID = 20 << 16 | 10;

    static ChannelOpen readFrom(MethodReader in) {
        in.readShortString();
        return new ChannelOpen();
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
