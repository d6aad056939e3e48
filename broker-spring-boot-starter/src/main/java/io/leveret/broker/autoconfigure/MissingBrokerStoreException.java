package io.leveret.broker.autoconfigure;

/** {@code broker.persistent} is true, but the module that stores is not on the class path. */
public final class MissingBrokerStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what to do in its message. */
    public MissingBrokerStoreException() {
        super("broker.persistent is true, but io.leveret:broker-store-jpa is not on the class path");
    }
}
