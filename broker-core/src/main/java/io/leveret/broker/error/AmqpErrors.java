package io.leveret.broker.error;

import java.util.concurrent.CompletionException;

/** Finds what went wrong in a chain of futures. */
public final class AmqpErrors {
    private AmqpErrors() {}

    /** The failure that futures have wrapped; one that is checked, or an error, in an {@link IllegalStateException}. */
    public static RuntimeException unwrap(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }
}
