package io.leveret.broker.amqp.raw;

/** The flags of queue.declare in packing order. */
public final class QueueBits {
    public static final int PASSIVE = 1;
    public static final int EXCLUSIVE = 4;
    public static final int AUTO_DELETE = 8;
    public static final int NO_WAIT = 16;

    private QueueBits() {}
}
