package io.leveret.broker.autoconfigure.endpoint;

import io.leveret.broker.Broker;
import io.leveret.broker.amqp.AmqpServer;
import io.leveret.broker.autoconfigure.BrokerPorts;
import io.leveret.broker.autoconfigure.BrokerVersion;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.limit.Alarm;
import io.leveret.broker.queue.QueueCounts;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageEvent;
import io.leveret.broker.stats.QueueTotals;
import io.leveret.broker.vhost.VirtualHost;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows how many messages, consumers and connections there are where, and never what is in a message. Reading waits for no loop of
 * the broker, so that numbers may be a moment old. What changes something needs {@code access=unrestricted}.
 *
 * <p>A name may be percent-encoded once more than the path is, because web servers refuse {@code %2F} in a path; the virtual host
 * {@code default} is the broker's default one, unless there is one of that name.
 */
@Endpoint(id = "broker", defaultAccess = Access.READ_ONLY)
final class BrokerEndpoint {
    private static final String DEFAULT = "default";
    private static final String MESSAGES = "messages";
    private static final int WAIT_SECONDS = 10;

    private final Broker broker;
    private final AmqpServer server;

    BrokerEndpoint(Broker broker, AmqpServer server) {
        this.broker = broker;
        this.server = server;
    }

    /** The broker and its virtual hosts. */
    @ReadOperation
    Map<String, Object> overview() {
        Map<String, Object> vhosts = new LinkedHashMap<>();
        broker.virtualHosts().stream().sorted().forEach(name -> {
            VirtualHost vhost = broker.virtualHost(name);
            if (vhost != null) {
                vhosts.put(name, summary(vhost));
            }
        });
        Map<String, Object> overview = new LinkedHashMap<>();
        overview.put("name", broker.config().name());
        overview.put("version", BrokerVersion.current());
        overview.put("ports", BrokerPorts.of(server));
        overview.put("persistent", broker.journalState() != null);
        overview.put(
                "alarms",
                broker.alarms().inEffect().stream().map(Alarm::resource).toList());
        overview.put("connections", broker.connections().count());
        overview.put("channels", broker.connections().channelCount());
        overview.put("counts", counts(broker::count));
        overview.put("virtualHosts", vhosts);
        return OperationResponseBody.of(overview);
    }

    private Map<String, Object> summary(VirtualHost vhost) {
        QueueTotals totals = vhost.queueTotals();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("connections", broker.connections().countOfVirtualHost(vhost.name()));
        summary.put("channels", broker.connections().channelCountOfVirtualHost(vhost.name()));
        summary.put("exchanges", vhost.exchangeCount());
        summary.put("queues", totals.queues());
        summary.put("consumers", totals.consumers());
        summary.put("ready", totals.ready());
        summary.put("unacked", totals.unacked());
        return summary;
    }

    /** A virtual host and its queues; null if there is none of that name. */
    @ReadOperation
    @Nullable Map<String, Object> virtualHost(@Selector String vhost) {
        VirtualHost found = find(vhost);
        if (found == null) {
            return null;
        }
        Map<String, Object> queues = new LinkedHashMap<>();
        found.queues().stream()
                .sorted(Comparator.comparing(QueueRef::name))
                .forEach(queue -> queues.put(queue.name(), fill(queue)));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", found.name());
        shown.put("description", found.metadata().description());
        shown.putAll(summary(found));
        shown.put("counts", counts(found.counts()::get));
        shown.put("queues", queues);
        return OperationResponseBody.of(shown);
    }

    private static Map<String, Object> fill(QueueRef queue) {
        QueueCounts now = queue.glance();
        Map<String, Object> fill = new LinkedHashMap<>();
        fill.put("consumers", now.consumers());
        fill.put("ready", now.ready());
        fill.put("unacked", now.unacked());
        return fill;
    }

    /** A queue; null if there is none of that name. */
    @ReadOperation
    @Nullable Map<String, Object> queue(@Selector String vhost, @Selector String queue) {
        QueueRef found = find(vhost, queue);
        if (found == null) {
            return null;
        }
        QueueCounts now = found.glance();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", found.name());
        shown.put("virtualHost", found.vhost());
        shown.put("durable", found.isDurable());
        shown.put("autoDelete", found.isAutoDelete());
        shown.put("exclusive", found.isExclusive());
        shown.putAll(fill(found));
        shown.put("readyBytes", now.readyBytes());
        shown.put("unackedBytes", now.unackedBytes());
        shown.put("counts", counts(event -> event.isOfQueue() ? found.counts().get(event) : -1));
        return OperationResponseBody.of(shown);
    }

    /**
     * Deletes a queue; null if there is none of that name.
     *
     * @throws InvalidEndpointRequestException if a condition does not hold or a connection has the queue for itself
     */
    @DeleteOperation
    @Nullable Map<String, Object> delete(
            @Selector String vhost, @Selector String queue, @Nullable Boolean ifUnused, @Nullable Boolean ifEmpty) {
        VirtualHost host = find(vhost);
        QueueRef found = find(vhost, queue);
        if (host == null || found == null) {
            return null;
        }
        int deleted = await(
                host.deleteQueue(found.name(), Boolean.TRUE.equals(ifUnused), Boolean.TRUE.equals(ifEmpty), null));
        return OperationResponseBody.of(Map.of("deleted", deleted));
    }

    /**
     * Drops what is ready in a queue; null if there is none of that name.
     *
     * @param part {@code messages}, the only one there is
     * @throws InvalidEndpointRequestException if a connection has the queue for itself
     */
    @DeleteOperation
    @Nullable Map<String, Object> purge(@Selector String vhost, @Selector String queue, @Selector String part) {
        QueueRef found = find(vhost, queue);
        if (found == null || !part.equals(MESSAGES)) {
            return null;
        }
        CompletableFuture<Integer> purged = found.submit(owned -> {
            found.checkAccess(null);
            return owned.onPurge();
        });
        return OperationResponseBody.of(Map.of("purged", await(purged)));
    }

    private static Map<String, Object> counts(ToLongFunction<MessageEvent> counted) {
        Map<String, Object> counts = new LinkedHashMap<>();
        for (MessageEvent event : MessageEvent.values()) {
            long count = counted.applyAsLong(event);
            if (count >= 0) {
                counts.put(camelCase(event), count);
            }
        }
        return counts;
    }

    private static String camelCase(MessageEvent event) {
        String[] words = event.name().split("_");
        StringBuilder name = new StringBuilder(words[0].toLowerCase(Locale.ROOT));
        for (int i = 1; i < words.length; i++) {
            name.append(words[i].charAt(0)).append(words[i].substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private @Nullable VirtualHost find(String selector) {
        VirtualHost exact = broker.virtualHost(selector);
        VirtualHost found = exact == null ? broker.virtualHost(decoded(selector)) : exact;
        return found == null && selector.equals(DEFAULT)
                ? broker.virtualHost(broker.config().virtualHosts().get(0))
                : found;
    }

    private @Nullable QueueRef find(String vhost, String selector) {
        VirtualHost host = find(vhost);
        if (host == null) {
            return null;
        }
        QueueRef exact = host.queue(selector);
        return exact == null ? host.queue(decoded(selector)) : exact;
    }

    private static String decoded(String selector) {
        try {
            return URLDecoder.decode(selector.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return selector;
        }
    }

    private static <T> T await(CompletableFuture<T> change) {
        try {
            return change.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AmqpError refused) {
                throw new InvalidEndpointRequestException(refused.explanation(), refused.explanation());
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker has not answered for " + WAIT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker had still to answer", e);
        }
    }
}
