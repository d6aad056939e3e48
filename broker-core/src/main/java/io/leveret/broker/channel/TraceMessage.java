package io.leveret.broker.channel;

import io.leveret.broker.exchange.MessageKeeper;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.RoutingHeaders;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.MalformedPropertiesException;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.PropertyScanner;
import io.leveret.broker.text.Utf8;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies of messages for the firehose: the same body, with all that was known of the message as headers. Names and types are
 * those of RabbitMQ's rabbit_trace.
 *
 * @param node the name of the node
 * @param connection the name of the connection that published the message or gets it
 * @param channel the number of the channel there
 */
record TraceMessage(String node, String vhost, String connection, int channel, String user) {
    /** The flags of a content header that has headers and no other property. */
    private static final short HEADERS_FLAG = 1 << 13;

    private static final String EXCHANGE = "amq.rabbitmq.trace";
    private static final int MAX_SHORT_STRING = 255;

    /** Whether a message is such a copy itself, which is not copied again. */
    static boolean isTrace(Message message) {
        return message.exchange().equals(EXCHANGE);
    }

    /** The copy of a message that was published. */
    Message published(Message message, QueueDestination[] queues) {
        List<FieldValue> names = new ArrayList<>(queues.length);
        for (QueueDestination queue : queues) {
            if (!(queue instanceof MessageKeeper)) {
                names.add(FieldValue.of(queue.name()));
            }
        }
        return copy(message, "publish." + message.exchange(), "routed_queues", FieldValue.of(names));
    }

    /** The copy of a message that is delivered or fetched. */
    Message delivered(Message message, String queue, boolean redelivered) {
        return copy(message, "deliver." + queue, "redelivered", FieldValue.of(redelivered ? 1 : 0));
    }

    private Message copy(Message message, String key, String extra, FieldValue value) {
        BasicProperties published =
                BasicProperties.read(message.data(), message.propertiesOffset(), message.propertiesLength());
        FieldTable.Builder headers = FieldTable.builder()
                .put("exchange_name", FieldValue.of(message.exchange()))
                .put("routing_keys", FieldValue.of(routingKeys(message, published.headers())))
                .put("node", FieldValue.of(node))
                .put("vhost", FieldValue.of(vhost))
                .put("connection", FieldValue.of(connection))
                .put("channel", FieldValue.of(channel))
                .put("user", FieldValue.of(user))
                .put(extra, value);
        byte[] properties = bytes(headers, published);
        if (!isWellFormed(properties)) {
            // headers of a depth that is just allowed would be too deep here
            properties = bytes(headers, published.toBuilder().headers(null).build());
        }
        return message(key, properties, message);
    }

    private static List<FieldValue> routingKeys(Message message, @Nullable FieldTable headers) {
        List<FieldValue> keys = new ArrayList<>();
        keys.add(FieldValue.of(message.routingKey()));
        if (message.isRoutedByKeyAlone()) {
            return keys;
        }
        FieldValue cc = headers == null ? null : headers.get(RoutingHeaders.CC);
        if (cc != null && cc.tag() == 'A') {
            cc.asArray().stream().filter(FieldValue::isLongString).forEach(keys::add);
        }
        List<String> bcc = message.bccKeys();
        if (bcc != null) {
            bcc.forEach(key -> keys.add(FieldValue.of(key)));
        }
        return keys;
    }

    private static byte[] bytes(FieldTable.Builder headers, BasicProperties published) {
        byte[] sorted = headers.put("properties", FieldValue.of(table(published)))
                .build()
                .toSortedBytes();
        var out = ByteBuffer.allocate(Short.BYTES + Integer.BYTES + sorted.length);
        out.putShort(HEADERS_FLAG).putInt(sorted.length).put(sorted);
        return out.array();
    }

    private static FieldTable table(BasicProperties properties) {
        FieldTable.Builder table = FieldTable.builder();
        put(table, "content_type", properties.contentType());
        put(table, "content_encoding", properties.contentEncoding());
        if (properties.headers() != null) {
            table.put("headers", FieldValue.of(properties.headers()));
        }
        put(table, "delivery_mode", properties.deliveryMode());
        put(table, "priority", properties.priority());
        put(table, "correlation_id", properties.correlationId());
        put(table, "reply_to", properties.replyTo());
        put(table, "expiration", properties.expiration());
        put(table, "message_id", properties.messageId());
        put(table, "timestamp", properties.timestamp());
        put(table, "type", properties.type());
        put(table, "user_id", properties.userId());
        put(table, "app_id", properties.appId());
        put(table, "cluster_id", properties.clusterId());
        return table.build();
    }

    private static void put(FieldTable.Builder table, String name, @Nullable String text) {
        if (text != null) {
            table.put(name, FieldValue.of(text));
        }
    }

    /** Numbers are 32 bits wide, also the timestamp as long as it fits. */
    private static void put(FieldTable.Builder table, String name, @Nullable Number number) {
        if (number != null) {
            long value = number.longValue();
            table.put(name, value == (int) value ? FieldValue.of((int) value) : FieldValue.of(value));
        }
    }

    private static boolean isWellFormed(byte[] properties) {
        try {
            new PropertyScanner().scan(properties, 0, properties.length);
            return true;
        } catch (MalformedPropertiesException e) {
            return false;
        }
    }

    private static Message message(String routingKey, byte[] properties, Message original) {
        byte[] exchange = Utf8.encode(EXCHANGE);
        byte[] key = Utf8.encode(routingKey);
        if (key.length > MAX_SHORT_STRING) {
            key = Arrays.copyOf(key, MAX_SHORT_STRING);
        }
        int propertiesOffset = 1 + exchange.length + 1 + key.length;
        int bodyOffset = propertiesOffset + properties.length;
        byte[] data = new byte[bodyOffset + original.bodyLength()];
        ByteBuffer.wrap(data)
                .put((byte) exchange.length)
                .put(exchange)
                .put((byte) key.length)
                .put(key)
                .put(properties)
                .put(original.data(), original.bodyOffset(), original.bodyLength());
        return Message.of(data, propertiesOffset, bodyOffset, false, 0);
    }
}
