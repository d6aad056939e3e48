package io.leveret.broker.amqp.method;

import io.leveret.broker.message.FieldTable;
import io.netty.buffer.ByteBuf;

/** The server introduces itself and offers SASL mechanisms, separated by spaces. */
public record ConnectionStart(
        int versionMajor, int versionMinor, FieldTable serverProperties, String mechanisms, String locales)
        implements ConnectionMethod {
    public static final int ID = 10 << 16 | 10;

    static ConnectionStart readFrom(MethodReader in) {
        return new ConnectionStart(
                in.readOctet(), in.readOctet(), in.readTable(), in.readLongString(), in.readLongString());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        out.writeByte(versionMajor);
        out.writeByte(versionMinor);
        MethodWriter.table(out, serverProperties);
        MethodWriter.longString(out, mechanisms);
        MethodWriter.longString(out, locales);
    }
}
