package io.leveret.broker.stats;

/**
 * What is counted of messages. Names in brackets are those of RabbitMQ's HTTP API; the first ones are counted for each queue as
 * well as for each virtual host.
 */
public enum MessageEvent {
    /** A client has published it [publish]; for a queue: it was routed there, by whomever. */
    PUBLISHED,
    /** A consumer was sent it and has to acknowledge it [deliver]. */
    DELIVERED,
    /** A consumer was sent it, and that was all [deliver_no_ack]. */
    DELIVERED_NO_ACK,
    /** {@code basic.get} was answered with it, to be acknowledged [get]. */
    FETCHED,
    /** {@code basic.get} was answered with it, and that was all [get_no_ack]. */
    FETCHED_NO_ACK,
    /** One of the four above was not the first time [redeliver]. */
    REDELIVERED,
    /** A client has acknowledged it [ack]. */
    ACKED,
    /** It has died and was sent on to a dead letter exchange that exists. */
    DEAD_LETTERED,

    /** Its publisher was told that the broker has it [confirm]. */
    CONFIRMED,
    /** It went to its publisher again because no queue got it [return_unroutable]. */
    RETURNED,
    /** It is gone because no queue got it and its publisher did not want it again [drop_unroutable]. */
    DROPPED,
    /** Not a message but an answer: {@code basic.get} found the queue empty [get_empty]. */
    FETCHED_NOTHING;

    static final int OF_QUEUE = DEAD_LETTERED.ordinal() + 1;
    static final int OF_VIRTUAL_HOST = FETCHED_NOTHING.ordinal() + 1;

    /** Whether queues count it, too. */
    public boolean isOfQueue() {
        return ordinal() < OF_QUEUE;
    }
}
