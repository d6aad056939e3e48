package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/** The server reads publishes again; RabbitMQ extension. */
public record ConnectionUnblocked() implements ConnectionMethod {
    public static final int ID = 10 << 16 | 61;

    static ConnectionUnblocked readFrom(MethodReader in) {
        return new ConnectionUnblocked();
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void writeTo(ByteBuf out) {}
}
