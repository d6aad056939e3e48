package io.leveret.broker.queue;

/** What a queue did with a message it was given. */
public enum PublishResult {
    /** The queue has taken responsibility, or dropped the message as it was told to: the publisher gets an ack. */
    ACCEPTED,
    /** The queue refused: the publisher gets a nack. */
    REJECTED,
    /** The queue has it, and who asked hears when it is on disk: the publisher gets its answer then. */
    PENDING
}
