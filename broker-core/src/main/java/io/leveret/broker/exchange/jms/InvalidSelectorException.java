package io.leveret.broker.exchange.jms;

/** A selector is no term, or none that the JMS client makes. */
final class InvalidSelectorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidSelectorException(String message) {
        super(message);
    }
}
