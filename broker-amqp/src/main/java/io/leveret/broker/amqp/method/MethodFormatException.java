package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/**
 * The arguments of a method are shorter or longer than its layout. The message is the explanation RabbitMQ gives with its
 * 501, {@code cannot decode <<0,0,1>>}: the bytes as an Erlang binary. It carries no stack trace: it is a client's
 * mistake, not a fault of the broker.
 */
public final class MethodFormatException extends RuntimeException {
    /** More would be cut off: a reply text has 255 bytes. */
    private static final int MAX_BYTES_SHOWN = 128;

    MethodFormatException(ByteBuf arguments) {
        super("cannot decode " + erlangBinary(arguments), null, false, false);
    }

    private static String erlangBinary(ByteBuf arguments) {
        var text = new StringBuilder("<<");
        int shown = Math.min(arguments.readableBytes(), MAX_BYTES_SHOWN);
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : ",").append(arguments.getUnsignedByte(arguments.readerIndex() + i));
        }
        return text.append(">>").toString();
    }
}
