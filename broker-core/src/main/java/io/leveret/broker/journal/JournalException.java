package io.leveret.broker.journal;

import org.jspecify.annotations.Nullable;

/** The journal could not be written or read. */
public class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
