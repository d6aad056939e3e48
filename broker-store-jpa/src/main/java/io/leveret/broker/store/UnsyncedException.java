package io.leveret.broker.store;

import jakarta.persistence.PersistenceException;

/** A transaction was committed, but the disk has not taken it for sure. */
final class UnsyncedException extends PersistenceException {
    private static final long serialVersionUID = 1L;

    UnsyncedException(Throwable cause) {
        super("committed, but not synced: " + cause.getMessage(), cause);
    }
}
