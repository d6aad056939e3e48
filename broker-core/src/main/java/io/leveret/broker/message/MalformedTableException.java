package io.leveret.broker.message;

/**
 * Bytes that were to be a field table and are none: cut short, with an unknown type tag, or nested too deep. Unchecked
 * because only what came from outside can raise it and whoever accepts such bytes has to answer it. It carries no stack
 * trace: it is a client's mistake, not a fault of the broker.
 */
public final class MalformedTableException extends RuntimeException {
    MalformedTableException(String message) {
        super(message, null, false, false);
    }
}
