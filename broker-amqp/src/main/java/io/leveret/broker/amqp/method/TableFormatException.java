package io.leveret.broker.amqp.method;

import io.leveret.broker.message.MalformedTableException;

/**
 * A field table among the arguments of a method cannot be decoded. RabbitMQ's reader crashes on it: the connection ends
 * without a word, or with 541 on channel 0. It carries no stack trace: it is a client's mistake, not a fault of the broker.
 */
public final class TableFormatException extends RuntimeException {
    TableFormatException(MalformedTableException cause) {
        super(cause.getMessage(), cause, false, false);
    }
}
