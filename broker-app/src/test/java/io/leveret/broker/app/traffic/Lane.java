package io.leveret.broker.app.traffic;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A way through the broker: what is published where, and how it is consumed. All queues are durable.
 *
 * @param exchange the exchange to publish to, fanout if it has a name, else the default one
 * @param queues the queues that each message reaches
 * @param letters the queue for what is rejected, null if nothing is
 * @param maxPriority messages have priorities up to this, 0 for none
 * @param transientEvery one in so many messages is transient, 0 for none
 * @param transactional whether publishers commit transactions instead of awaiting confirms
 * @param consumers consumers of each queue; 0 for none until the end, so that what is published now and then, among messages
 *     that go soon, stays
 */
public record Lane(
        String exchange,
        List<String> queues,
        @Nullable String letters,
        int maxPriority,
        int transientEvery,
        boolean transactional,
        int publishers,
        int consumers) {

    /** Every kind of traffic. */
    public static List<Lane> all() {
        return List.of(
                plain("plain", 2, 2),
                new Lane("copies", List.of("copies-left", "copies-right"), null, 0, 0, false, 1, 1),
                new Lane("", List.of("rejected"), "letters", 0, 0, false, 1, 2),
                new Lane("", List.of("priorities"), null, 4, 0, false, 1, 1),
                new Lane("", List.of("transactions"), null, 0, 0, true, 1, 1),
                new Lane("", List.of("mixed"), null, 0, 3, false, 1, 1),
                plain("kept", 1, 0),
                new Lane("", List.of("kept-priorities"), null, 4, 0, false, 1, 0));
    }

    /** Persistent messages to one queue. */
    public static Lane plain(String queue, int publishers, int consumers) {
        return new Lane("", List.of(queue), null, 0, 0, false, publishers, consumers);
    }

    /** Its first queue. */
    String name() {
        return queues.get(0);
    }

    String routingKey() {
        return exchange.isEmpty() ? name() : "";
    }

    /** Whether everything stays in its queues until the end. */
    boolean isKept() {
        return consumers == 0;
    }

    /** Whether a consumer rejects this message, each time it gets it. */
    boolean rejects(NumberedMessage message) {
        return letters != null && message.number() % 3 == 0;
    }

    /** By a connection for each queue, for each to live on another loop if there are several. */
    void declare(Connections connections) throws IOException, TimeoutException {
        for (String queue : queues) {
            declare(connections, queue, arguments());
        }
        if (letters != null) {
            declare(connections, letters, Map.of());
        }
        try (Connection connection = connections.open()) {
            bind(connection.createChannel());
        }
    }

    private static void declare(Connections connections, String queue, Map<String, Object> arguments)
            throws IOException, TimeoutException {
        try (Connection connection = connections.open()) {
            connection.createChannel().queueDeclare(queue, true, false, false, arguments);
        }
    }

    private void bind(Channel channel) throws IOException {
        if (!exchange.isEmpty()) {
            channel.exchangeDeclare(exchange, BuiltinExchangeType.FANOUT, true);
            for (String queue : queues) {
                channel.queueBind(queue, exchange, "");
            }
        }
    }

    private Map<String, Object> arguments() {
        if (letters != null) {
            return Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", letters);
        }
        return maxPriority == 0 ? Map.of() : Map.of("x-max-priority", maxPriority);
    }
}
