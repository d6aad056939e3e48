package io.leveret.broker.queue;

/**
 * How full a queue is.
 *
 * @param ready messages that can be delivered
 * @param unacked messages handed out and not settled
 */
public record QueueCounts(int ready, int unacked, int consumers) {}
