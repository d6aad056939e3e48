package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The consumer is gone. */
public record BasicCancelOk(String consumerTag) implements BasicMethod {
    public static final int ID = 60 << 16 | 31;

    static BasicCancelOk readFrom(MethodReader in) {
        return new BasicCancelOk(in.readShortString());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.shortString(out, consumerTag);
    }
}
