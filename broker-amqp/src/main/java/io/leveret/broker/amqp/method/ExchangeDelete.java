package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Deletes an exchange. */
public record ExchangeDelete(String exchange, boolean ifUnused, boolean noWait) implements ExchangeMethod {
    public static final int ID = 40 << 16 | 20;

    static ExchangeDelete readFrom(MethodReader in) {
        in.readShort();
        return new ExchangeDelete(in.readShortString(), in.readBit(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, exchange);
        MethodWriter.bits(out, ifUnused, noWait);
    }
}
