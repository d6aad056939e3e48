package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** Returns a mandatory message that no queue took, with its content. */
public record BasicReturn(int replyCode, String replyText, String exchange, String routingKey) implements BasicMethod {
    public static final int ID = 60 << 16 | 50;

    static BasicReturn readFrom(MethodReader in) {
        return new BasicReturn(
                in.readShort(),
                in.readUncheckedShortString(),
                in.readUncheckedShortString(),
                in.readUncheckedShortString());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(replyCode);
        MethodWriter.shortString(out, replyText);
        MethodWriter.shortString(out, exchange);
        MethodWriter.shortString(out, routingKey);
    }
}
