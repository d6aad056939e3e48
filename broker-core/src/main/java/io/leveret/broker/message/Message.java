package io.leveret.broker.message;

import io.leveret.broker.text.Utf8;

/**
 * A published message, immutable and shared by every queue it was routed to.
 *
 * <p>One array holds it all as it came in: the exchange and routing key as two {@code shortstr}, which is also how
 * {@code basic.deliver} wants them, then the property flags and values of the content header, then the body. A message is
 * relayed by copying ranges; nothing is parsed unless somebody asks.
 */
public final class Message {
    private static final int PERSISTENT = 1 << 8;
    private static final int PRIORITY_MASK = 0xFF;

    private final byte[] data;
    private final int propertiesOffset;
    private final int bodyOffset;
    private final int marks;

    private Message(byte[] data, int propertiesOffset, int bodyOffset, int marks) {
        this.data = data;
        this.propertiesOffset = propertiesOffset;
        this.bodyOffset = bodyOffset;
        this.marks = marks;
    }

    /**
     * Wraps an array; the caller gives it away and must not change it any more.
     *
     * @param data exchange and routing key as {@code shortstr}, property flags and values, body
     * @param propertiesOffset where the property flags begin
     * @param bodyOffset where the body begins
     * @param persistent whether delivery-mode is 2
     * @param priority the priority property, 0 when absent
     */
    public static Message of(byte[] data, int propertiesOffset, int bodyOffset, boolean persistent, int priority) {
        return new Message(
                data, propertiesOffset, bodyOffset, (persistent ? PERSISTENT : 0) | (priority & PRIORITY_MASK));
    }

    /** The whole message; never to be written to. */
    public byte[] data() {
        return data;
    }

    /** Where the property flags begin, which is how long exchange and routing key are. */
    public int propertiesOffset() {
        return propertiesOffset;
    }

    /** The length of property flags and values. */
    public int propertiesLength() {
        return bodyOffset - propertiesOffset;
    }

    public int bodyOffset() {
        return bodyOffset;
    }

    public int bodyLength() {
        return data.length - bodyOffset;
    }

    public boolean isPersistent() {
        return (marks & PERSISTENT) != 0;
    }

    /** The priority property, 0 to 255; 0 when absent. */
    public int priority() {
        return marks & PRIORITY_MASK;
    }

    /** The name of the exchange it was published to. */
    public String exchange() {
        return Utf8.decode(data, 1, data[0] & 0xFF);
    }

    public String routingKey() {
        int at = 1 + (data[0] & 0xFF);
        return Utf8.decode(data, at + 1, data[at] & 0xFF);
    }
}
