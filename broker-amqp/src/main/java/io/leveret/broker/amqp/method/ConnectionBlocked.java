package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The server has stopped reading publishes from the connection; RabbitMQ extension. */
public record ConnectionBlocked(String reason) implements ConnectionMethod {
    public static final int ID = 10 << 16 | 60;

    static ConnectionBlocked readFrom(MethodReader in) {
        return new ConnectionBlocked(in.readShortString());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {
        MethodWriter.shortString(out, reason);
    }
}
