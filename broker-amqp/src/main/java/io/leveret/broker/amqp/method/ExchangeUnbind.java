package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** Removes a binding between exchanges; RabbitMQ extension. */
public record ExchangeUnbind(String destination, String source, String routingKey, boolean noWait, FieldTable arguments)
        implements ExchangeMethod {
    public static final int ID = 40 << 16 | 40;

    static ExchangeUnbind readFrom(MethodReader in) {
        in.readShort();
        return new ExchangeUnbind(
                in.readShortString(), in.readShortString(), in.readShortString(), in.readBit(), in.readTable());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeShort(0);
        MethodWriter.shortString(out, destination);
        MethodWriter.shortString(out, source);
        MethodWriter.shortString(out, routingKey);
        out.writeBoolean(noWait);
        MethodWriter.table(out, arguments);
    }
}
