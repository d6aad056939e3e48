package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Either side ends the channel; class and method id name the cause, 0 when there is none. */
public record ChannelClose(int replyCode, String replyText, int classId, int methodId) implements ChannelMethod {
    public static final int ID = 20 << 16 | 40;

    static ChannelClose readFrom(MethodReader in) {
        return new ChannelClose(in.readShort(), in.readShortString(), in.readShort(), in.readShort());
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
