package io.leveret.broker.channel;

import io.leveret.broker.auth.ResourceKind;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.exchange.RoutingHeaders;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.Expiration;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.MalformedPropertiesException;
import io.leveret.broker.message.MalformedTableException;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.PropertyScanner;
import io.leveret.broker.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Checks, in RabbitMQ's order, and routes the publishes of one channel. Owned by the channel's loop.
 *
 * <p>A publish like an earlier one, without properties that ask for more, costs one look into the {@link RouteCache}.
 */
final class Publisher {
    private static final byte[] CC = RoutingHeaders.CC.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BCC = RoutingHeaders.BCC.getBytes(StandardCharsets.US_ASCII);
    private static final int PERSISTENT = 2;

    private final Channel channel;
    private final ClientConnection connection;
    private final PropertyScanner properties;
    private final @Nullable MessageInterceptors interceptors;
    private final AtomicReference<@Nullable PublishObserver> observer;
    private final PublishedMessage routed = new PublishedMessage(this);

    Publisher(Channel channel) {
        this.channel = channel;
        this.connection = channel.connection();
        this.properties = connection.propertyScanner();
        this.interceptors = connection.settings().interceptors();
        this.observer = connection.settings().observer();
    }

    void publish(byte[] data, int propertiesOffset, int bodyOffset, boolean mandatory) {
        PublishObserver watching = observer.get();
        if (watching == null) {
            checkAndRoute(data, propertiesOffset, bodyOffset, mandatory);
        } else {
            publishWatched(watching, data, propertiesOffset, bodyOffset, mandatory);
        }
    }

    private void publishWatched(
            PublishObserver watching, byte[] data, int propertiesOffset, int bodyOffset, boolean mandatory) {
        PublishObserver.Publication publication = watching.published(
                connection.vhost().name(),
                exchangeName(data),
                routingKey(data),
                readableHeaders(data, propertiesOffset, bodyOffset));
        int queues;
        try {
            queues = checkAndRoute(data, propertiesOffset, bodyOffset, mandatory);
        } catch (AmqpError | MalformedPropertiesException | MalformedTableException refused) {
            publication.refused(refused);
            throw refused;
        }
        publication.routed(queues);
    }

    private FieldTable readableHeaders(byte[] data, int propertiesOffset, int bodyOffset) {
        try {
            properties.scan(data, propertiesOffset, bodyOffset - propertiesOffset);
            return headers(data);
        } catch (MalformedPropertiesException | MalformedTableException e) {
            return FieldTable.EMPTY;
        }
    }

    /** Returns the number of queues it goes to. */
    private int checkAndRoute(byte[] published, int propertiesOffset, int publishedBodyOffset, boolean mandatory) {
        byte[] data = published;
        int bodyOffset = publishedBodyOffset;
        long topologyVersion = connection.vhost().version();
        long accessVersion = connection.accessVersion();
        RouteCache.Route cached = connection.routeCache().find(data, propertiesOffset, topologyVersion, accessVersion);
        Exchange exchange = cached == null ? requireExchange(data) : cached.exchange();
        properties.scan(data, propertiesOffset, bodyOffset - propertiesOffset);
        if (interceptors != null) {
            data = interceptors.intercept(
                    published,
                    propertiesOffset,
                    publishedBodyOffset,
                    connection.loop().nowMillis());
            bodyOffset = data.length - (published.length - publishedBodyOffset);
            properties.scan(data, propertiesOffset, bodyOffset - propertiesOffset);
        }
        checkReplyTo(data);
        checkExpiration(data);
        List<String> extraKeys = extraKeys(data);
        QueueDestination[] queues;
        Message message = null;
        if (cached != null && extraKeys == null) {
            checkUserId(data);
            queues = cached.queues();
        } else {
            String routingKey = routingKey(data);
            checkTopics(exchange, routingKey, extraKeys);
            checkUserId(data);
            routed.of(data, propertiesOffset, bodyOffset, routingKey, extraKeys);
            queues = route(exchange, routingKey, data, propertiesOffset, topologyVersion, accessVersion);
            message = routed.clear();
        }
        if (message == null) {
            message = message(data, propertiesOffset, bodyOffset);
        }
        channel.dispatch(message, queues, mandatory);
        return queues.length;
    }

    private static String exchangeName(byte[] data) {
        return Utf8.decode(data, 1, data[0] & 0xFF);
    }

    private Exchange requireExchange(byte[] data) {
        String name = exchangeName(data);
        connection.permissions().checkWrite(ResourceKind.EXCHANGE, name);
        Exchange exchange = connection.vhost().requireExchange(name);
        if (exchange.isInternal()) {
            throw AmqpError.accessRefused("cannot publish to internal " + exchange);
        }
        return exchange;
    }

    private static String routingKey(byte[] data) {
        int at = 1 + (data[0] & 0xFF);
        return Utf8.decode(data, at + 1, data[at] & 0xFF);
    }

    private void checkReplyTo(byte[] data) {
        if (asksForReplies(data) && channel.replyName() == null) {
            throw AmqpError.preconditionFailed("fast reply consumer does not exist");
        }
    }

    private boolean asksForReplies(byte[] data) {
        int offset = properties.replyToOffset();
        return offset >= 0
                && properties.replyToLength() == ReplyAddresses.PSEUDO_QUEUE.length()
                && Utf8.decode(data, offset, properties.replyToLength()).equals(ReplyAddresses.PSEUDO_QUEUE);
    }

    private void checkExpiration(byte[] data) {
        if (properties.expirationOffset() >= 0) {
            Expiration.parseMillis(Utf8.decode(data, properties.expirationOffset(), properties.expirationLength()));
        }
    }

    private @Nullable List<String> extraKeys(byte[] data) {
        if (properties.headersOffset() < 0 || (properties.findHeader(CC) < 0 && properties.findHeader(BCC) < 0)) {
            return null;
        }
        return RoutingHeaders.extraKeys(headers(data));
    }

    /** The headers of what was scanned last. */
    FieldTable headers(byte[] data) {
        return properties.headersOffset() < 0
                ? FieldTable.EMPTY
                : FieldTable.read(data, properties.headersOffset(), properties.headersLength());
    }

    private void checkTopics(Exchange exchange, String routingKey, @Nullable List<String> extraKeys) {
        if (exchange.type() != ExchangeTypes.TOPIC) {
            return;
        }
        connection.permissions().checkTopicWrite(exchange.name(), routingKey);
        if (extraKeys != null) {
            for (String key : extraKeys) {
                connection.permissions().checkTopicWrite(exchange.name(), key);
            }
        }
    }

    private void checkUserId(byte[] data) {
        if (properties.userIdOffset() >= 0) {
            connection
                    .permissions()
                    .checkUserId(Utf8.decode(data, properties.userIdOffset(), properties.userIdLength()));
        }
    }

    private QueueDestination[] route(
            Exchange exchange,
            String routingKey,
            byte[] data,
            int keyLength,
            long topologyVersion,
            long accessVersion) {
        exchange.requireType();
        Routes routes = connection.routes();
        connection.router().route(exchange, routed, routes);
        QueueDestination[] queues = new QueueDestination[routes.size()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = routes.get(i);
        }
        boolean cacheable =
                routes.dependsOnKeyAlone() && !(exchange.isDefault() && ReplyAddresses.isReplyName(routingKey));
        routes.clear();
        if (cacheable) {
            byte[] key = new byte[keyLength];
            System.arraycopy(data, 0, key, 0, keyLength);
            connection.routeCache().put(new RouteCache.Route(key, exchange, queues, topologyVersion, accessVersion));
        }
        return queues;
    }

    /** The message to deliver: as published, but for a reply address filled in and BCC taken out. */
    Message message(byte[] data, int propertiesOffset, int bodyOffset) {
        Message message = withoutBcc(data, propertiesOffset, bodyOffset);
        return properties.expirationOffset() < 0 ? message : message.withExpiration();
    }

    private Message withoutBcc(byte[] data, int propertiesOffset, int bodyOffset) {
        boolean persistent = properties.deliveryMode() == PERSISTENT;
        boolean fillIn = asksForReplies(data);
        boolean takeOut = properties.headersOffset() >= 0 && properties.findHeader(BCC) >= 0;
        if (!fillIn && !takeOut) {
            return Message.of(data, propertiesOffset, bodyOffset, persistent, properties.priority());
        }
        int priority = properties.priority();
        BasicProperties published = BasicProperties.read(data, propertiesOffset, bodyOffset - propertiesOffset);
        BasicProperties.Builder changed = published.toBuilder();
        if (fillIn) {
            changed.replyTo(channel.replyName());
        }
        FieldTable headers = published.headers();
        List<String> bccKeys = List.of();
        if (takeOut && headers != null) {
            bccKeys = RoutingHeaders.keys(RoutingHeaders.BCC, headers);
            byte[] sorted = headers.without(RoutingHeaders.BCC).toSortedBytes();
            changed.headers(FieldTable.read(sorted, 0, sorted.length));
        }
        byte[] bytes = changed.build().toBytes();
        byte[] rebuilt = new byte[propertiesOffset + bytes.length + data.length - bodyOffset];
        System.arraycopy(data, 0, rebuilt, 0, propertiesOffset);
        System.arraycopy(bytes, 0, rebuilt, propertiesOffset, bytes.length);
        System.arraycopy(data, bodyOffset, rebuilt, propertiesOffset + bytes.length, data.length - bodyOffset);
        Message message = Message.of(rebuilt, propertiesOffset, propertiesOffset + bytes.length, persistent, priority);
        return bccKeys.isEmpty() ? message : message.withBccKeys(bccKeys);
    }
}
