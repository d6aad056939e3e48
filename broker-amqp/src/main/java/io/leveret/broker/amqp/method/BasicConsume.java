package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** Starts a consumer. */
public record BasicConsume(
        String queue,
        String consumerTag,
        boolean noLocal,
        boolean noAck,
        boolean exclusive,
        boolean noWait,
        FieldTable arguments)
        implements BasicMethod {
    public static final int ID = 60 << 16 | 20;

    static BasicConsume readFrom(MethodReader in) {
        in.readShort();
        return new BasicConsume(
                in.readShortString(),
                in.readShortString(),
                in.readBit(),
                in.readBit(),
                in.readBit(),
                in.readBit(),
                in.readTable());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, queue);
        MethodWriter.shortString(out, consumerTag);
        MethodWriter.bits(out, noLocal, noAck, exclusive, noWait);
        MethodWriter.table(out, arguments);
    }
}
