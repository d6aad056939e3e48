package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Delivers the content that follows to a consumer. */
public record BasicDeliver(
        String consumerTag, long deliveryTag, boolean redelivered, String exchange, String routingKey)
        implements BasicMethod {
    public static final int ID = 60 << 16 | 60;

    static BasicDeliver readFrom(MethodReader in) {
        return new BasicDeliver(
                in.readUncheckedShortString(),
                in.readLongLong(),
                in.readBit(),
                in.readUncheckedShortString(),
                in.readUncheckedShortString());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.shortString(out, consumerTag);
        out.writeLong(deliveryTag);
        out.writeBoolean(redelivered);
        MethodWriter.shortString(out, exchange);
        MethodWriter.shortString(out, routingKey);
    }
}
