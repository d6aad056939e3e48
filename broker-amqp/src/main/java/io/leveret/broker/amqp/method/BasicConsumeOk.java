package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The consumer exists. */
public record BasicConsumeOk(String consumerTag) implements BasicMethod {
    public static final int ID = 60 << 16 | 21;

    static BasicConsumeOk readFrom(MethodReader in) {
        return new BasicConsumeOk(in.readShortString());
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
