package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** A ticket, always 1. */
public record AccessRequestOk(int ticket) implements AccessMethod {
    public static final int ID = 30 << 16 | 11;

    static AccessRequestOk readFrom(MethodReader in) {
        return new AccessRequestOk(in.readShort());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(ticket);
    }
}
