package io.leveret.broker.journal;

/** How a journal is doing. */
public enum JournalState {
    /** What is handed over is committed. */
    AVAILABLE,

    /** The last commit failed; it is tried again and again, and nobody is confirmed meanwhile. */
    FAILING,

    /** It gave up because of a defect of its own; whatever is handed over is refused. */
    BROKEN,

    /** It takes no more. */
    CLOSED
}
