package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Asks the peer to stop or resume sending content. */
public record ChannelFlow(boolean active) implements ChannelMethod {
    public static final int ID = 20 << 16 | 20;

    static ChannelFlow readFrom(MethodReader in) {
        return new ChannelFlow(in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeBoolean(active);
    }
}
