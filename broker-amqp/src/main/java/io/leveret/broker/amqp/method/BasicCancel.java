package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Ends a consumer; the server sends it too when the queue is gone. */
public record BasicCancel(String consumerTag, boolean noWait) implements BasicMethod {
    public static final int ID = 60 << 16 | 30;

    static BasicCancel readFrom(MethodReader in) {
        return new BasicCancel(in.readShortString(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.shortString(out, consumerTag);
        out.writeBoolean(noWait);
    }
}
