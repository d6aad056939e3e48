package io.leveret.broker.channel;

import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ's interceptors of incoming messages: they add to each message that a client publishes when it came and which node
 * took it. Names and types are those of its rabbit_msg_interceptor_timestamp and rabbit_msg_interceptor_routing_node.
 * Immutable.
 */
public final class MessageInterceptors {
    /** Milliseconds since the epoch, a {@code long}; the property timestamp gets the seconds. */
    static final String TIMESTAMP_HEADER = "timestamp_in_ms";

    /** The name of the node, a {@code longstr}. */
    static final String ROUTING_NODE_HEADER = "x-routed-by";

    private final Interception timestamp;
    private final Interception routingNode;
    private final FieldValue node;

    private MessageInterceptors(Interception timestamp, Interception routingNode, String node) {
        this.timestamp = timestamp;
        this.routingNode = routingNode;
        this.node = FieldValue.of(node);
    }

    /**
     * The interceptors that are asked for; null if none is.
     *
     * @param timestamp [message_interceptors.incoming.set_header_timestamp]
     * @param routingNode [message_interceptors.incoming.set_header_routing_node]
     */
    public static @Nullable MessageInterceptors of(Interception timestamp, Interception routingNode, String node) {
        return timestamp == Interception.OFF && routingNode == Interception.OFF
                ? null
                : new MessageInterceptors(timestamp, routingNode, node);
    }

    /**
     * The message with what the interceptors set; the given array stays as it is. Only the properties have another length.
     *
     * @param data exchange, routing key, well-formed properties, body
     */
    byte[] intercept(byte[] data, int propertiesOffset, int bodyOffset, long nowMillis) {
        BasicProperties published = BasicProperties.read(data, propertiesOffset, bodyOffset - propertiesOffset);
        BasicProperties.Builder changed = published.toBuilder();
        FieldTable headers = published.headers() == null ? FieldTable.EMPTY : published.headers();
        if (timestamp != Interception.OFF) {
            headers = with(headers, TIMESTAMP_HEADER, FieldValue.of(nowMillis), timestamp);
            if (published.timestamp() == null || timestamp == Interception.OVERWRITE) {
                changed.timestamp(nowMillis / 1000);
            }
        }
        if (routingNode != Interception.OFF) {
            headers = with(headers, ROUTING_NODE_HEADER, node, routingNode);
        }
        byte[] sorted = headers.toSortedBytes();
        byte[] bytes = changed.headers(FieldTable.read(sorted, 0, sorted.length))
                .build()
                .toBytes();
        byte[] rebuilt = new byte[propertiesOffset + bytes.length + data.length - bodyOffset];
        System.arraycopy(data, 0, rebuilt, 0, propertiesOffset);
        System.arraycopy(bytes, 0, rebuilt, propertiesOffset, bytes.length);
        System.arraycopy(data, bodyOffset, rebuilt, propertiesOffset + bytes.length, data.length - bodyOffset);
        return rebuilt;
    }

    private static FieldTable with(FieldTable headers, String key, FieldValue value, Interception interception) {
        return interception == Interception.IF_ABSENT && headers.get(key) != null ? headers : headers.with(key, value);
    }
}
