package io.leveret.broker.amqp.method;

import io.netty.buffer.ByteBuf;

/**
 * A method of AMQP 0-9-1 with its arguments, as a value. The components are the fields of the protocol under their own
 * names; reserved fields are left out, ignored when read and written as zero.
 */
public sealed interface AmqpMethod
        permits ConnectionMethod,
                ChannelMethod,
                AccessMethod,
                ExchangeMethod,
                QueueMethod,
                BasicMethod,
                ConfirmMethod,
                TxMethod {

    /** The first four bytes of the method's frame: {@code classId << 16 | methodId}. */
    int id();

    /**
     * Appends the arguments, that is what follows class and method id. The buffer stays the caller's.
     *
     * @throws IllegalArgumentException if a short string is longer than 255 bytes
     */
    void writeTo(ByteBuf out);
}
