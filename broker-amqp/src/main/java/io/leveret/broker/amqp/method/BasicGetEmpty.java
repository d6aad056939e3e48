package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** There is no message. */
public record BasicGetEmpty() implements BasicMethod {
    public static final int ID = 60 << 16 | 72;

    static BasicGetEmpty readFrom(MethodReader in) {
        in.readShortString();
        return new BasicGetEmpty();
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
