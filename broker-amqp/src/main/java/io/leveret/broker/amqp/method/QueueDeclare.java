package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** Creates a queue, or asks whether it exists. */
public record QueueDeclare(
        String queue,
        boolean passive,
        boolean durable,
        boolean exclusive,
        boolean autoDelete,
        boolean noWait,
        FieldTable arguments)
        implements QueueMethod {
    public static final int ID = 50 << 16 | 10;

    static QueueDeclare readFrom(MethodReader in) {
        in.readShort();
        return new QueueDeclare(
                in.readShortString(),
                in.readBit(),
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
        MethodWriter.bits(out, passive, durable, exclusive, autoDelete, noWait);
        MethodWriter.table(out, arguments);
    }
}
