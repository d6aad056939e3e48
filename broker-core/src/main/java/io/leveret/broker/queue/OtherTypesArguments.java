package io.leveret.broker.queue;

import io.leveret.broker.message.FieldValue;
import java.util.Set;
import java.util.regex.Pattern;

/** The arguments that quorum queues and streams have beyond those of classic queues. */
final class OtherTypesArguments {
    private static final String DEAD_LETTER_STRATEGY = "x-dead-letter-strategy";
    private static final String MAX_IN_MEMORY_LENGTH = "x-max-in-memory-length";
    private static final String MAX_IN_MEMORY_BYTES = "x-max-in-memory-bytes";
    private static final String DELIVERY_LIMIT = "x-delivery-limit";
    private static final String QUORUM_INITIAL_GROUP_SIZE = "x-quorum-initial-group-size";
    private static final String CONSUMER_TIMEOUT = "x-consumer-timeout";
    private static final String CONSUMER_DISCONNECTED_TIMEOUT = "x-consumer-disconnected-timeout";
    private static final String DELAYED_RETRY_TYPE = "x-delayed-retry-type";
    private static final String DELAYED_RETRY_MIN = "x-delayed-retry-min";
    private static final String DELAYED_RETRY_MAX = "x-delayed-retry-max";
    private static final String INITIAL_CLUSTER_SIZE = "x-initial-cluster-size";
    private static final String MAX_AGE = "x-max-age";
    private static final String STREAM_MAX_SEGMENT_SIZE_BYTES = "x-stream-max-segment-size-bytes";
    private static final String STREAM_FILTER_SIZE_BYTES = "x-stream-filter-size-bytes";

    private static final Pattern MAX_AGE_FORM = Pattern.compile("0*[1-9][0-9]*[YMDhms]");

    static final Set<String> NOT_FOR_CLASSIC = Set.of(
            DEAD_LETTER_STRATEGY,
            MAX_IN_MEMORY_LENGTH,
            MAX_IN_MEMORY_BYTES,
            DELIVERY_LIMIT,
            QUORUM_INITIAL_GROUP_SIZE,
            CONSUMER_TIMEOUT,
            CONSUMER_DISCONNECTED_TIMEOUT,
            DELAYED_RETRY_TYPE,
            DELAYED_RETRY_MIN,
            DELAYED_RETRY_MAX,
            INITIAL_CLUSTER_SIZE,
            MAX_AGE,
            STREAM_MAX_SEGMENT_SIZE_BYTES,
            STREAM_FILTER_SIZE_BYTES);

    static final Set<String> NOT_FOR_QUORUM = Set.of(
            QueueArguments.X_MAX_PRIORITY,
            "x-queue-mode",
            "x-queue-version",
            "x-queue-master-locator",
            INITIAL_CLUSTER_SIZE,
            MAX_AGE,
            STREAM_MAX_SEGMENT_SIZE_BYTES,
            STREAM_FILTER_SIZE_BYTES);

    static final Set<String> NOT_FOR_STREAM = Set.of(
            QueueArguments.X_MESSAGE_TTL,
            QueueArguments.X_EXPIRES,
            QueueArguments.X_DEAD_LETTER_EXCHANGE,
            QueueArguments.X_DEAD_LETTER_ROUTING_KEY,
            QueueArguments.X_MAX_LENGTH,
            QueueArguments.X_OVERFLOW,
            QueueArguments.X_MAX_PRIORITY,
            QueueArguments.X_SINGLE_ACTIVE_CONSUMER,
            "x-queue-mode",
            "x-queue-version",
            "x-queue-master-locator",
            DEAD_LETTER_STRATEGY,
            MAX_IN_MEMORY_LENGTH,
            MAX_IN_MEMORY_BYTES,
            DELIVERY_LIMIT,
            QUORUM_INITIAL_GROUP_SIZE,
            CONSUMER_TIMEOUT,
            CONSUMER_DISCONNECTED_TIMEOUT,
            DELAYED_RETRY_TYPE,
            DELAYED_RETRY_MIN,
            DELAYED_RETRY_MAX);

    private OtherTypesArguments() {}

    /** @throws io.leveret.broker.error.AmqpError 406 for the first bad value */
    static void validate(ArgumentCheck check) {
        check.oneOf(DEAD_LETTER_STRATEGY, Set.of("at-most-once", "at-least-once"), "invalid_dlx_strategy");
        check.integer(MAX_IN_MEMORY_LENGTH, 0);
        check.integer(MAX_IN_MEMORY_BYTES, 0);
        check.integer(QUORUM_INITIAL_GROUP_SIZE, 1);
        check.integer(CONSUMER_TIMEOUT, 0);
        check.integer(CONSUMER_DISCONNECTED_TIMEOUT, 0);
        check.integer(DELAYED_RETRY_MIN, 0);
        check.integer(DELAYED_RETRY_MAX, 0);
        check.integer(INITIAL_CLUSTER_SIZE, 1);
        check.integer(STREAM_MAX_SEGMENT_SIZE_BYTES, 0);
        FieldValue maxAge = check.longString(MAX_AGE);
        if (maxAge != null && !MAX_AGE_FORM.matcher(maxAge.asString()).matches()) {
            throw check.invalid(MAX_AGE, "invalid_max_age");
        }
    }
}
