package io.leveret.broker.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the policies that match a queue say, the operator's merged in; keys that a classic queue takes no notice of are not
 * here.
 *
 * @param name the policy that applies, null if there is none
 * @param operatorName the operator policy that applies, null if there is none
 * @param expiresMillis {@code expires}, -1 if absent
 * @param messageTtlMillis {@code message-ttl}, -1 if absent
 * @param deadLetterExchange {@code dead-letter-exchange}, the empty string for the default exchange, null if absent
 * @param deadLetterRoutingKey {@code dead-letter-routing-key}, null if absent
 * @param maxLength {@code max-length}, -1 if absent
 * @param maxLengthBytes {@code max-length-bytes}, -1 if absent
 * @param overflow {@code overflow} as it is written, null if absent
 */
public record QueuePolicy(
        @Nullable String name,
        @Nullable String operatorName,
        long expiresMillis,
        long messageTtlMillis,
        @Nullable String deadLetterExchange,
        @Nullable String deadLetterRoutingKey,
        long maxLength,
        long maxLengthBytes,
        @Nullable String overflow) {

    /** No policy matches. */
    public static final QueuePolicy NONE = new QueuePolicy(null, null, -1, -1, null, null, -1, -1, null);

    /** RabbitMQ's longest time, ten years of 365 days: what is longer comes to the same, and sums with it stay small. */
    private static final long MAX_MILLIS = 315_360_000_000L;

    /** What these two say together; at least one is there. */
    static QueuePolicy of(@Nullable Policy user, @Nullable Policy operator) {
        Map<String, Object> merged = Policies.merged(user, operator);
        return new QueuePolicy(
                user == null ? null : user.name(),
                operator == null ? null : operator.name(),
                Math.min(number(merged, PolicyKey.EXPIRES), MAX_MILLIS),
                Math.min(number(merged, PolicyKey.MESSAGE_TTL), MAX_MILLIS),
                text(merged, PolicyKey.DEAD_LETTER_EXCHANGE),
                text(merged, PolicyKey.DEAD_LETTER_ROUTING_KEY),
                number(merged, PolicyKey.MAX_LENGTH),
                number(merged, PolicyKey.MAX_LENGTH_BYTES),
                text(merged, PolicyKey.OVERFLOW));
    }

    private static long number(Map<String, Object> settings, PolicyKey key) {
        return settings.get(key.wireName()) instanceof Long number ? number : -1;
    }

    private static @Nullable String text(Map<String, Object> settings, PolicyKey key) {
        return (String) settings.get(key.wireName());
    }
}
