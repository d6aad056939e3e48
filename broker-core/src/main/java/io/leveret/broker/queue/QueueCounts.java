package io.leveret.broker.queue;

/**
 * How full a queue is.
 *
 * @param ready messages that can be delivered
 * @param unacked messages handed out and not settled
 * @param readyBytes the bytes in the bodies of what is ready
 * @param unackedBytes the bytes in the bodies of what is unacked
 */
public record QueueCounts(int ready, int unacked, int consumers, long readyBytes, long unackedBytes) {}
