package io.leveret.broker.policy;

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
}
