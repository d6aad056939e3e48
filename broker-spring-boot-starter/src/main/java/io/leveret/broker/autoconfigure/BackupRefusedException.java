package io.leveret.broker.autoconfigure;

import org.jspecify.annotations.Nullable;

/** There is no copy, for the reason in the message. */
final class BackupRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackupRefusedException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
