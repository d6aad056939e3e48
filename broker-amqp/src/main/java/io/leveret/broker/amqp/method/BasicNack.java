package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Refuses deliveries, or tells that publishes are lost; RabbitMQ extension. */
public record BasicNack(long deliveryTag, boolean multiple, boolean requeue) implements BasicMethod {
    public static final int ID = 60 << 16 | 120;

    static BasicNack readFrom(MethodReader in) {
        return new BasicNack(in.readLongLong(), in.readBit(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeLong(deliveryTag);
        MethodWriter.bits(out, multiple, requeue);
    }
}
