package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** Removes a binding of a queue; always answered. */
public record QueueUnbind(String queue, String exchange, String routingKey, FieldTable arguments)
        implements QueueMethod {
    public static final int ID = 50 << 16 | 50;

    static QueueUnbind readFrom(MethodReader in) {
        in.readShort();
        return new QueueUnbind(in.readShortString(), in.readShortString(), in.readShortString(), in.readTable());
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
        MethodWriter.table(out, arguments);
    }
}
