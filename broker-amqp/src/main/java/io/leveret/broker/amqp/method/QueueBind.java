package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** Binds a queue to an exchange. */
public record QueueBind(String queue, String exchange, String routingKey, boolean noWait, FieldTable arguments)
        implements QueueMethod {
    public static final int ID = 50 << 16 | 20;

    static QueueBind readFrom(MethodReader in) {
        in.readShort();
        return new QueueBind(
                in.readShortString(), in.readShortString(), in.readShortString(), in.readBit(), in.readTable());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, queue);
        MethodWriter.shortString(out, exchange);
        MethodWriter.shortString(out, routingKey);
        out.writeBoolean(noWait);
        MethodWriter.table(out, arguments);
    }
}
