package io.leveret.broker.amqp.raw;

/** The flags of queue.declare in packing order. */
final class QueueBits {
    static final int PASSIVE = 1;
    static final int EXCLUSIVE = 4;
    static final int AUTO_DELETE = 8;
    static final int NO_WAIT = 16;

    private QueueBits() {}
}
