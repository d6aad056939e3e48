package io.leveret.broker.exchange;

/** What a binding leads to: a queue or another exchange. Equality is identity. */
public sealed interface Destination permits QueueDestination, Exchange {
    /** The name within its virtual host. */
    String name();
}
