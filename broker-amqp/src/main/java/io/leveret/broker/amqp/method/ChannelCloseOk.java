package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The end of the channel is agreed. */
public record ChannelCloseOk() implements ChannelMethod {
    public static final int ID = 20 << 16 | 41;

    static ChannelCloseOk readFrom(MethodReader in) {
        return new ChannelCloseOk();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
