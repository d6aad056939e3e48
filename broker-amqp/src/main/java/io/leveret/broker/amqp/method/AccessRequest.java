package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Asks for an access ticket as AMQP 0-8 had them; it has no meaning any more. */
public record AccessRequest(
        String realm, boolean exclusive, boolean passive, boolean active, boolean write, boolean read)
        implements AccessMethod {
    public static final int ID = 30 << 16 | 10;

    static AccessRequest readFrom(MethodReader in) {
        return new AccessRequest(
                in.readShortString(), in.readBit(), in.readBit(), in.readBit(), in.readBit(), in.readBit());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.shortString(out, realm);
        MethodWriter.bits(out, exclusive, passive, active, write, read);
    }
}
