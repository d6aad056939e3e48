package io.leveret.broker.stats;

/**
 * How full several queues are, each as it was a moment ago.
 *
 * @param queues how many there are
 * @param ready messages that can be delivered
 * @param unacked messages handed out and not settled
 * @param consumers those of queues; consumers of direct replies are not among them
 * @param readyBytes the bytes in the bodies of what is ready
 * @param unackedBytes the bytes in the bodies of what is unacked
 */
public record QueueTotals(int queues, long ready, long unacked, long consumers, long readyBytes, long unackedBytes) {}
