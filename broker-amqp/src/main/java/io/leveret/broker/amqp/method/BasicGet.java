package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Asks for one message. */
public record BasicGet(String queue, boolean noAck) implements BasicMethod {
    public static final int ID = 60 << 16 | 70;

    static BasicGet readFrom(MethodReader in) {
        in.readShort();
        return new BasicGet(in.readShortString(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, queue);
        out.writeBoolean(noAck);
    }
}
