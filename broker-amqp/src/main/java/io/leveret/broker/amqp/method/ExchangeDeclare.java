package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** Creates an exchange, or asks whether it exists. */
public record ExchangeDeclare(
        String exchange,
        String type,
        boolean passive,
        boolean durable,
        boolean autoDelete,
        boolean internal,
        boolean noWait,
        FieldTable arguments)
        implements ExchangeMethod {
    public static final int ID = 40 << 16 | 10;

    static ExchangeDeclare readFrom(MethodReader in) {
        in.readShort();
        return new ExchangeDeclare(
                in.readShortString(),
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
        MethodWriter.shortString(out, exchange);
        MethodWriter.shortString(out, type);
        MethodWriter.bits(out, passive, durable, autoDelete, internal, noWait);
        MethodWriter.table(out, arguments);
    }
}
