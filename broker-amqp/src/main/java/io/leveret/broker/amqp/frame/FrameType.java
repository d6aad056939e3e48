package io.leveret.broker.amqp.frame;

/** The types of frames, AMQP 0-9-1 section 4.2.3, and the octet every frame ends with. */
public final class FrameType {
    public static final int METHOD = 1;
    public static final int HEADER = 2;
    public static final int BODY = 3;
    public static final int HEARTBEAT = 8;

    /** The last octet of every frame. */
    public static final int END = 0xCE;

    /** What a frame has beside its payload, in octets. */
    public static final int OVERHEAD = 8;

    /** What a content header has before the property flags: class, weight, body size. */
    public static final int CONTENT_HEADER_FIXED = 12;

    private FrameType() {}

    /** Whether there is such a frame with a payload of that length, as RabbitMQ sees it. */
    static boolean isWellFormed(int type, int length) {
        return switch (type) {
            case METHOD -> length >= Integer.BYTES;
            case HEADER -> length >= CONTENT_HEADER_FIXED;
            case BODY -> true;
            case HEARTBEAT -> length == 0;
            default -> false;
        };
    }
}
