package io.leveret.broker.journal;

/**
 * Changes were made, but the disk has not taken them for sure. A second sync that succeeds would prove nothing: they have to
 * be written again.
 */
public final class UnsyncedCommitException extends JournalException {
    private static final long serialVersionUID = 1L;

    public UnsyncedCommitException(String message, Throwable cause) {
        super(message, cause);
    }
}
