package io.leveret.broker.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of policy definitions that RabbitMQ 4.3 knows without plugins, what they may say, and for which queues they
 * keep a whole policy away. Keys that mean nothing to a queue do not do that unless they are listed as unsupported.
 */
enum PolicyKey {
    ALTERNATE_EXCHANGE("alternate-exchange", ValueRule.TEXT, "is not a valid alternate exchange name"),
    DEAD_LETTER_EXCHANGE(
            "dead-letter-exchange", ValueRule.TEXT, "is not a valid dead letter exchange name", PolicyTarget.STREAM),
    DEAD_LETTER_ROUTING_KEY(
            "dead-letter-routing-key", ValueRule.TEXT, "is not a valid dead letter routing key", PolicyTarget.STREAM),
    DEAD_LETTER_STRATEGY(
            "dead-letter-strategy",
            ValueRule.oneOf("at-most-once", "at-least-once"),
            "is not a valid dead letter strategy",
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.STREAM),
    MESSAGE_TTL("message-ttl", ValueRule.atLeast(0), "is not a valid message TTL", Merge.SMALLER, PolicyTarget.STREAM),
    EXPIRES("expires", ValueRule.atLeast(1), "is not a valid queue expiry", Merge.SMALLER, PolicyTarget.STREAM),
    MAX_LENGTH("max-length", ValueRule.atLeast(0), "is not a valid maximum length", Merge.SMALLER, PolicyTarget.STREAM),
    MAX_LENGTH_BYTES("max-length-bytes", ValueRule.atLeast(0), "is not a valid maximum length in bytes", Merge.SMALLER),
    OVERFLOW(
            "overflow",
            ValueRule.oneOf("drop-head", "reject-publish", "reject-publish-dlx"),
            "is not a valid overflow value",
            Merge.OPERATOR,
            PolicyTarget.STREAM),
    DELIVERY_LIMIT(
            "delivery-limit",
            ValueRule.INTEGER,
            "is not a valid delivery limit",
            Merge.SMALLER_LIMIT,
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.STREAM),
    // RabbitMQ's text is about bytes here too
    MAX_IN_MEMORY_LENGTH(
            "max-in-memory-length",
            ValueRule.atLeast(0),
            "is not a valid maximum memory in bytes",
            Merge.SMALLER,
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.STREAM),
    MAX_IN_MEMORY_BYTES(
            "max-in-memory-bytes",
            ValueRule.atLeast(0),
            "is not a valid maximum memory in bytes",
            Merge.SMALLER,
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.STREAM),
    QUEUE_MODE(
            "queue-mode",
            ValueRule.oneOf("default", "lazy"),
            "is not a valid queue-mode value",
            PolicyTarget.QUORUM_QUEUE,
            PolicyTarget.STREAM),
    QUEUE_VERSION("queue-version", ValueRule.oneOf(1L, 2L), "is not a valid queue-version value", Merge.OPERATOR),
    QUEUE_LEADER_LOCATOR(
            "queue-leader-locator",
            ValueRule.oneOf("client-local", "balanced", "random", "least-leaders", "min-masters"),
            "is not a valid queue leader locator value"),
    CONSUMER_TIMEOUT("consumer-timeout", ValueRule.atLeast(0), "is not a valid consumer timeout"),
    CONSUMER_DISCONNECTED_TIMEOUT(
            "consumer-disconnected-timeout", ValueRule.atLeast(0), "is not a valid consumer disconnected timeout"),
    DELAYED_RETRY_TYPE(
            "delayed-retry-type",
            ValueRule.oneOf("disabled", "all", "failed", "returned"),
            "is not a valid delayed retry type",
            Merge.OPERATOR),
    DELAYED_RETRY_MIN("delayed-retry-min", ValueRule.atLeast(0), "is not a valid minimum delayed retry", Merge.LARGER),
    DELAYED_RETRY_MAX("delayed-retry-max", ValueRule.atLeast(0), "is not a valid maximum delayed retry", Merge.SMALLER),
    TARGET_GROUP_SIZE(
            "target-group-size",
            ValueRule.atLeast(1),
            "is not a valid qq target count value",
            Merge.LARGER,
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.STREAM),
    MAX_AGE(
            "max-age",
            ValueRule.MAX_AGE,
            "is not a valid max age",
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.QUORUM_QUEUE),
    STREAM_MAX_SEGMENT_SIZE_BYTES(
            "stream-max-segment-size-bytes",
            ValueRule.between(0, 3_000_000_000L),
            "is not a valid segment size",
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.QUORUM_QUEUE),
    INITIAL_CLUSTER_SIZE(
            "initial-cluster-size",
            ValueRule.atLeast(0),
            "is not a valid cluster size",
            PolicyTarget.CLASSIC_QUEUE,
            PolicyTarget.QUORUM_QUEUE),
    STREAM_FILTER_SIZE_BYTES(
            "stream-filter-size-bytes",
            ValueRule.between(16, 255),
            "is not a valid filter size. Valid range is 16-255");

    private static final Map<String, PolicyKey> BY_NAME = byName();

    private final String wireName;
    private final ValueRule rule;
    private final String refusal;
    private final @Nullable Merge merge;
    private final Set<PolicyTarget> unsupportedBy;

    /** A key that operator policies don't have. */
    PolicyKey(String wireName, ValueRule rule, String refusal, PolicyTarget... unsupportedBy) {
        this(wireName, rule, refusal, null, unsupportedBy);
    }

    PolicyKey(String wireName, ValueRule rule, String refusal, @Nullable Merge merge, PolicyTarget... unsupportedBy) {
        this.wireName = wireName;
        this.rule = rule;
        this.refusal = refusal;
        this.merge = merge;
        this.unsupportedBy = Set.of(unsupportedBy);
    }

    private static Map<String, PolicyKey> byName() {
        Map<String, PolicyKey> keys = new HashMap<>();
        for (PolicyKey key : values()) {
            keys.put(key.wireName, key);
        }
        return Map.copyOf(keys);
    }

    static @Nullable PolicyKey find(String wireName) {
        return BY_NAME.get(wireName);
    }

    /** The name in definitions. */
    String wireName() {
        return wireName;
    }

    boolean isForOperators() {
        return merge != null;
    }

    boolean isUnsupportedBy(PolicyTarget target) {
        return unsupportedBy.contains(target);
    }

    boolean allows(@Nullable Object value) {
        return rule.allows(value);
    }

    /** What is said of a value that isn't allowed, after the value. */
    String refusal() {
        return refusal;
    }

    /** The value that counts when both have one. */
    Object merge(Object policy, Object operator) {
        return (merge == null ? Merge.OPERATOR : merge).of(policy, operator);
    }
}
