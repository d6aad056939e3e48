package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Acknowledges deliveries, or confirms publishes. */
public record BasicAck(long deliveryTag, boolean multiple) implements BasicMethod {
    public static final int ID = 60 << 16 | 80;

    static BasicAck readFrom(MethodReader in) {
        return new BasicAck(in.readLongLong(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeLong(deliveryTag);
        out.writeBoolean(multiple);
    }
}
