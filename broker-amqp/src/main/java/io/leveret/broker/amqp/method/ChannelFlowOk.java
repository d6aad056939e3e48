package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The peer has stopped or resumed. */
public record ChannelFlowOk(boolean active) implements ChannelMethod {
    public static final int ID = 20 << 16 | 21;

    static ChannelFlowOk readFrom(MethodReader in) {
        return new ChannelFlowOk(in.readBit());
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
