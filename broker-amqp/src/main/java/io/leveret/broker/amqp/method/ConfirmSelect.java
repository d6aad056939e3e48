package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Turns on publisher confirms; RabbitMQ extension. */
public record ConfirmSelect(boolean noWait) implements ConfirmMethod {
    public static final int ID = 85 << 16 | 10;

    static ConfirmSelect readFrom(MethodReader in) {
        return new ConfirmSelect(in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeBoolean(noWait);
    }
}
