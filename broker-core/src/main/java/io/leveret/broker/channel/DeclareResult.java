package io.leveret.broker.channel;

/** What {@code queue.declare-ok} says. */
public record DeclareResult(String queue, int messageCount, int consumerCount) {}
