package io.leveret.broker.message;

/**
 * Bytes that were to be the properties of a content header and are none: cut short, longer than the flags announce, or
 * with a malformed headers table. It carries no stack trace: it is a client's mistake, not a fault of the broker.
 */
public final class MalformedPropertiesException extends RuntimeException {
    MalformedPropertiesException(String message) {
        super(message, null, false, false);
    }
}
