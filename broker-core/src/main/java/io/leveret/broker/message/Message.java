package io.leveret.broker.message;

import io.leveret.broker.text.Utf8;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A published message, immutable and shared by every queue it was routed to.
 *
 * <p>One array holds it all as it came in: the exchange and routing key as two {@code shortstr}, which is also how
 * {@code basic.deliver} wants them, then the property flags and values of the content header, then the body. A message is
 * relayed by copying ranges; nothing is parsed unless somebody asks.
 */
public sealed class Message permits QueuedMessage {
    /** As a deadline: none. */
    public static final long NEVER = Long.MAX_VALUE;

    /** As a place: none. */
    public static final long NOWHERE = 0;

    /** About what a message takes beside its data: itself, the array's header, its places in lists. */
    private static final int OVERHEAD_BYTES = 96;

    private static final int PERSISTENT = 1 << 8;
    private static final int EXPIRATION = 1 << 9;
    private static final int DEAD_LETTERED = 1 << 10;
    private static final int ROUTED_BY_KEY_ALONE = 1 << 11;
    private static final int PRIORITY_MASK = 0xFF;

    private final byte[] data;
    private final int propertiesOffset;
    private final int bodyOffset;
    private final int marks;
    private final @Nullable List<String> bccKeys;

    private Message(byte[] data, int propertiesOffset, int bodyOffset, int marks, @Nullable List<String> bccKeys) {
        this.data = data;
        this.propertiesOffset = propertiesOffset;
        this.bodyOffset = bodyOffset;
        this.marks = marks;
        this.bccKeys = bccKeys;
    }

    Message(Message other) {
        this(other.data, other.propertiesOffset, other.bodyOffset, other.marks, other.bccKeys);
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
                data, propertiesOffset, bodyOffset, (persistent ? PERSISTENT : 0) | (priority & PRIORITY_MASK), null);
    }

    /** The same message, marked as one whose properties have an expiration. */
    public Message withExpiration() {
        return new Message(data, propertiesOffset, bodyOffset, marks | EXPIRATION, bccKeys);
    }

    /** The same message, marked as one whose header {@code x-death} was written by this broker. */
    public Message withDeaths() {
        return new Message(data, propertiesOffset, bodyOffset, marks | DEAD_LETTERED, bccKeys);
    }

    /** The same message with the routing keys that stood in its header BCC, which is no longer there. */
    public Message withBccKeys(List<String> keys) {
        return new Message(data, propertiesOffset, bodyOffset, marks, List.copyOf(keys));
    }

    /**
     * A message made from this one: as lasting and as urgent, with the same keys that once stood in BCC, without an
     * expiration, and marked as one with deaths.
     *
     * @param routedByKeyAlone see {@link #isRoutedByKeyAlone}
     */
    Message afterDeath(byte[] data, int propertiesOffset, int bodyOffset, boolean routedByKeyAlone) {
        int kept = marks & (PERSISTENT | PRIORITY_MASK);
        return new Message(
                data,
                propertiesOffset,
                bodyOffset,
                kept | DEAD_LETTERED | (routedByKeyAlone ? ROUTED_BY_KEY_ALONE : 0),
                bccKeys);
    }

    /** The same message with a header set, and the keys of its headers ascending as RabbitMQ has them when it changes any. */
    public Message withHeader(String key, FieldValue value) {
        BasicProperties properties = BasicProperties.read(data, propertiesOffset, propertiesLength());
        FieldTable headers = properties.headers() == null ? FieldTable.EMPTY : properties.headers();
        byte[] sorted = headers.with(key, value).toSortedBytes();
        byte[] changed = properties.toBuilder()
                .headers(FieldTable.read(sorted, 0, sorted.length))
                .build()
                .toBytes();
        int bodyAt = propertiesOffset + changed.length;
        byte[] copy = new byte[bodyAt + bodyLength()];
        System.arraycopy(data, 0, copy, 0, propertiesOffset);
        System.arraycopy(changed, 0, copy, propertiesOffset, changed.length);
        System.arraycopy(data, bodyOffset, copy, bodyAt, bodyLength());
        return new Message(copy, propertiesOffset, bodyAt, marks, bccKeys);
    }

    /**
     * The same message in a queue where it must not stay longer.
     *
     * @param millis milliseconds since the epoch by the clock of the queue's loop
     */
    public Message expiringAt(long millis) {
        return new QueuedMessage(this, millis, NOWHERE);
    }

    /**
     * The same message as one queue has it.
     *
     * @param deadlineMillis see {@link #deadlineMillis}
     * @param place see {@link #place}
     */
    public Message inQueue(long deadlineMillis, long place) {
        return new QueuedMessage(this, deadlineMillis, place);
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

    /** About what it takes in memory, which queues that share it count each. */
    public int memoryBytes() {
        return memoryBytes(data.length);
    }

    /** What one with so much {@link #data} takes. */
    public static int memoryBytes(int dataLength) {
        return dataLength + OVERHEAD_BYTES;
    }

    public boolean isPersistent() {
        return (marks & PERSISTENT) != 0;
    }

    /** The priority property, 0 to 255; 0 when absent. */
    public int priority() {
        return marks & PRIORITY_MASK;
    }

    /** Whether the properties have an expiration. */
    public boolean hasExpiration() {
        return (marks & EXPIRATION) != 0;
    }

    /** Whether it was dead-lettered by this broker, so that its header {@code x-death} is what really happened to it. */
    public boolean hasDeaths() {
        return (marks & DEAD_LETTERED) != 0;
    }

    /**
     * Whether only its own key counts when it is routed once more: somebody has replaced the keys it was published with,
     * and the header CC tells about those.
     */
    public boolean isRoutedByKeyAlone() {
        return (marks & ROUTED_BY_KEY_ALONE) != 0;
    }

    /** The routing keys that stood in the header BCC when it was published; null for none. */
    public @Nullable List<String> bccKeys() {
        return bccKeys;
    }

    /** Until when it may wait in the queue it is in, by the clock of that queue's loop; {@link #NEVER} for ever. */
    public long deadlineMillis() {
        return NEVER;
    }

    /** Where the journal has it for the queue it is in; {@link #NOWHERE} if it has not. */
    public long place() {
        return NOWHERE;
    }

    int marks() {
        return marks;
    }

    static Message restored(
            byte[] data, int propertiesOffset, int bodyOffset, int marks, @Nullable List<String> bccKeys) {
        return new Message(data, propertiesOffset, bodyOffset, marks, bccKeys);
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
