package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** One message, with its content, and how many are left. */
public record BasicGetOk(long deliveryTag, boolean redelivered, String exchange, String routingKey, long messageCount)
        implements BasicMethod {
    public static final int ID = 60 << 16 | 71;

    static BasicGetOk readFrom(MethodReader in) {
        return new BasicGetOk(
                in.readLongLong(),
                in.readBit(),
                in.readUncheckedShortString(),
                in.readUncheckedShortString(),
                in.readLong());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeLong(deliveryTag);
        out.writeBoolean(redelivered);
        MethodWriter.shortString(out, exchange);
        MethodWriter.shortString(out, routingKey);
        out.writeInt((int) messageCount);
    }
}
