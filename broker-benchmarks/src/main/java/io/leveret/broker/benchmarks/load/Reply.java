package io.leveret.broker.benchmarks.load;

/**
 * The answer to a synchronous method.
 *
 * @param method the method's id as in {@link Methods}
 * @param messageCount the message count of a queue.declare-ok, else 0
 */
public record Reply(int method, long messageCount) {}
