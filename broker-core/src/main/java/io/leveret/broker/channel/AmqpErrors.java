package io.leveret.broker.channel;

import java.util.concurrent.CompletionException;

/** Finds what went wrong in a chain of futures. */
final class AmqpErrors {
    private AmqpErrors() {}

    static RuntimeException unwrap(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }
}
