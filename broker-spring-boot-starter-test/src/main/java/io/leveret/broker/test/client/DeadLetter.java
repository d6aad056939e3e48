package io.leveret.broker.test.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A message that was dead-lettered, with what RabbitMQ's headers say about it.
 *
 * @param message as it is in the queue in which it waits now
 * @param firstQueue the queue in which it died first [x-first-death-queue]
 * @param firstReason why: {@code rejected}, {@code expired} or {@code maxlen} [x-first-death-reason]
 * @param firstExchange what it had been published to [x-first-death-exchange]
 * @param lastQueue the queue in which it died last [x-last-death-queue]
 * @param lastReason why [x-last-death-reason]
 * @param deaths one for each queue and reason, the latest first [x-death]
 */
public record DeadLetter(
        PeekedMessage message,
        String firstQueue,
        String firstReason,
        String firstExchange,
        String lastQueue,
        String lastReason,
        List<Death> deaths) {

    /**
     * How a message died in one queue for one reason.
     *
     * @param count how often
     * @param exchange what it had been published to
     * @param routingKeys with which keys
     * @param time when it did so first, by the clock of the broker, to the second
     */
    public record Death(
            String queue, String reason, long count, String exchange, List<String> routingKeys, Instant time) {}

    static DeadLetter of(PeekedMessage message) {
        Map<String, Object> headers = message.headers();
        return new DeadLetter(
                message,
                text(headers, "x-first-death-queue"),
                text(headers, "x-first-death-reason"),
                text(headers, "x-first-death-exchange"),
                text(headers, "x-last-death-queue"),
                text(headers, "x-last-death-reason"),
                list(headers, "x-death").stream().map(DeadLetter::death).toList());
    }

    private static Death death(Object table) {
        Map<?, ?> fields = (Map<?, ?>) table;
        return new Death(
                text(fields, "queue"),
                text(fields, "reason"),
                fields.get("count") instanceof Long count ? count : 0,
                text(fields, "exchange"),
                list(fields, "routing-keys").stream().map(String::valueOf).toList(),
                fields.get("time") instanceof Instant time ? time : Instant.EPOCH);
    }

    private static List<?> list(Map<?, ?> fields, String key) {
        return fields.get(key) instanceof List<?> list ? list : List.of();
    }

    private static String text(Map<?, ?> fields, String key) {
        return fields.get(key) instanceof String text ? text : "";
    }
}
