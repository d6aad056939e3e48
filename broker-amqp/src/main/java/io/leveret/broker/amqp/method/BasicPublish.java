package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Publishes the content that follows. */
public record BasicPublish(String exchange, String routingKey, boolean mandatory, boolean immediate)
        implements BasicMethod {
    public static final int ID = 60 << 16 | 40;

    static BasicPublish readFrom(MethodReader in) {
        in.readShort();
        return new BasicPublish(
                in.readUncheckedShortString(), in.readUncheckedShortString(), in.readBit(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, exchange);
        MethodWriter.shortString(out, routingKey);
        MethodWriter.bits(out, mandatory, immediate);
    }
}
