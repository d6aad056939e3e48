package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** The client introduces itself and begins to log in. Compares the response by identity. */
public record ConnectionStartOk(FieldTable clientProperties, String mechanism, byte[] response, String locale)
        implements ConnectionMethod {
    public static final int ID = 10 << 16 | 11;

    static ConnectionStartOk readFrom(MethodReader in) {
        return new ConnectionStartOk(
                in.readTable(), in.readShortString(), in.readLongStringBytes(), in.readShortString());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.table(out, clientProperties);
        MethodWriter.shortString(out, mechanism);
        MethodWriter.longString(out, response);
        MethodWriter.shortString(out, locale);
    }
}
