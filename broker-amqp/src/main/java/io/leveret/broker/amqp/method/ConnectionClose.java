package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Either side ends the connection; class and method id name the cause, 0 when there is none. */
public record ConnectionClose(int replyCode, String replyText, int classId, int methodId) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 50;

    static ConnectionClose readFrom(MethodReader in) {
        return new ConnectionClose(in.readShort(), in.readShortString(), in.readShort(), in.readShort());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(replyCode);
        MethodWriter.shortString(out, replyText);
        out.writeShort(classId);
        out.writeShort(methodId);
    }
}
