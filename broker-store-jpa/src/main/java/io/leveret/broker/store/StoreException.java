package io.leveret.broker.store;

import org.jspecify.annotations.Nullable;

/** A store could not be opened, or could not do what it was asked to. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
