package io.leveret.broker.queue;

import io.leveret.broker.message.Message;

/**
 * How much may be ready in a queue, and what happens to what is too much.
 *
 * @param messages how many at most
 * @param bodyBytes how many bytes in all bodies together at most
 */
record Lengths(long messages, long bodyBytes, QueueArguments.Overflow overflow) {

    static Lengths of(QueueSettings settings) {
        return new Lengths(limit(settings.maxLength()), limit(settings.maxLengthBytes()), settings.overflow());
    }

    private static long limit(long setting) {
        return setting < 0 ? Long.MAX_VALUE : setting;
    }

    /** Whether a message has to be refused because the queue would exceed a limit with it. */
    boolean refuse(Backlog backlog, Message message) {
        return overflow != QueueArguments.Overflow.DROP_HEAD
                && (backlog.size() >= messages || message.bodyLength() > bodyBytes - backlog.bodyBytes());
    }

    /** Whether a refused message is a dead letter. */
    boolean deadLettersRefused() {
        return overflow == QueueArguments.Overflow.REJECT_PUBLISH_DLX;
    }

    /** Whether the head has to give way. */
    boolean dropHead(Backlog backlog) {
        return (backlog.size() > messages || backlog.bodyBytes() > bodyBytes)
                && overflow == QueueArguments.Overflow.DROP_HEAD;
    }
}
