package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The queue exists; says its name, ready messages and consumers. */
public record QueueDeclareOk(String queue, long messageCount, long consumerCount) implements QueueMethod {
    public static final int ID = 50 << 16 | 11;

    static QueueDeclareOk readFrom(MethodReader in) {
        return new QueueDeclareOk(in.readShortString(), in.readLong(), in.readLong());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.shortString(out, queue);
        out.writeInt((int) messageCount);
        out.writeInt((int) consumerCount);
    }
}
