package io.leveret.broker.queue;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.exchange.Equivalence;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a classic queue, in the order in which RabbitMQ checks them. Rules and texts are those of its
 * rabbit_amqqueue: check_declare_arguments.
 *
 * @param expiresMillis {@value #X_EXPIRES}, -1 if absent
 * @param messageTtlMillis {@value #X_MESSAGE_TTL}, -1 if absent
 * @param deadLetterExchange {@value #X_DEAD_LETTER_EXCHANGE}, the empty string for the default exchange, null if absent
 * @param deadLetterRoutingKey {@value #X_DEAD_LETTER_ROUTING_KEY}, null if absent
 * @param maxLength {@value #X_MAX_LENGTH}, -1 if absent
 * @param maxLengthBytes {@value #X_MAX_LENGTH_BYTES}, -1 if absent
 * @param maxPriority {@value #X_MAX_PRIORITY}, 0 to 255, -1 if absent
 * @param overflow {@value #X_OVERFLOW}, null if absent
 * @param singleActiveConsumer {@value #X_SINGLE_ACTIVE_CONSUMER}
 */
public record QueueArguments(
        long expiresMillis,
        long messageTtlMillis,
        @Nullable String deadLetterExchange,
        @Nullable String deadLetterRoutingKey,
        long maxLength,
        long maxLengthBytes,
        int maxPriority,
        @Nullable Overflow overflow,
        boolean singleActiveConsumer) {

    public static final String X_QUEUE_TYPE = "x-queue-type";
    public static final String X_MESSAGE_TTL = "x-message-ttl";
    public static final String X_EXPIRES = "x-expires";
    public static final String X_DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";
    public static final String X_DEAD_LETTER_ROUTING_KEY = "x-dead-letter-routing-key";
    public static final String X_MAX_LENGTH = "x-max-length";
    public static final String X_MAX_LENGTH_BYTES = "x-max-length-bytes";
    public static final String X_OVERFLOW = "x-overflow";
    public static final String X_MAX_PRIORITY = "x-max-priority";
    public static final String X_SINGLE_ACTIVE_CONSUMER = "x-single-active-consumer";

    private static final String X_QUEUE_MODE = "x-queue-mode";
    private static final String X_QUEUE_VERSION = "x-queue-version";
    private static final String X_QUEUE_LEADER_LOCATOR = "x-queue-leader-locator";
    private static final String X_QUEUE_MASTER_LOCATOR = "x-queue-master-locator";

    /** What an active declaration of an existing classic queue compares, in RabbitMQ's order. */
    private static final List<String> COMPARED = List.of(
            X_EXPIRES,
            X_MESSAGE_TTL,
            X_DEAD_LETTER_EXCHANGE,
            X_DEAD_LETTER_ROUTING_KEY,
            X_MAX_LENGTH,
            X_MAX_LENGTH_BYTES,
            X_MAX_PRIORITY,
            X_OVERFLOW,
            X_QUEUE_MODE,
            X_QUEUE_VERSION,
            X_SINGLE_ACTIVE_CONSUMER,
            X_QUEUE_TYPE,
            X_QUEUE_MASTER_LOCATOR,
            X_QUEUE_LEADER_LOCATOR);

    private static final Set<String> LEADER_LOCATORS =
            Set.of("client-local", "balanced", "random", "least-leaders", "min-masters");

    /** {@value #X_OVERFLOW}: what gives way when the queue is full. */
    public enum Overflow {
        DROP_HEAD("drop-head"),
        REJECT_PUBLISH("reject-publish"),
        REJECT_PUBLISH_DLX("reject-publish-dlx");

        private final String wireName;

        Overflow(String wireName) {
            this.wireName = wireName;
        }

        /** The name in the argument. */
        public String wireName() {
            return wireName;
        }

        static @Nullable Overflow find(String wireName) {
            for (Overflow overflow : values()) {
                if (overflow.wireName.equals(wireName)) {
                    return overflow;
                }
            }
            return null;
        }
    }

    /**
     * Reads the arguments of a new queue; those that RabbitMQ doesn't know are ignored.
     *
     * @throws AmqpError 406 with RabbitMQ's text for the first bad argument; 540 for a type of queue that is not supported
     *     here
     */
    public static QueueArguments parse(String vhost, String queue, FieldTable arguments) {
        String deadLetterExchange = deadLetterExchange(vhost, queue, arguments);
        QueueType type = queueType(new ArgumentCheck(resource(vhost, queue), arguments, Set.of()));
        ArgumentCheck check = new ArgumentCheck(resource(vhost, queue), arguments, type.notFor);
        QueueArguments parsed = new QueueArguments(
                check.expiry(X_EXPIRES, 1),
                check.expiry(X_MESSAGE_TTL, 0),
                deadLetterExchange,
                deadLetterRoutingKey(check),
                check.integer(X_MAX_LENGTH, 0),
                check.integer(X_MAX_LENGTH_BYTES, 0),
                maxPriority(check),
                overflow(check),
                check.bool(X_SINGLE_ACTIVE_CONSUMER));
        checkVersion(check);
        check.oneOf(X_QUEUE_LEADER_LOCATOR, LEADER_LOCATORS, "invalid_queue_locator_arg");
        OtherTypesArguments.validate(check);
        check.refuseOthers(type.moduleName);
        if (type != QueueType.CLASSIC) {
            throw AmqpError.notImplemented(
                    "queues of type '" + type.wireName + "' are not supported: " + resource(vhost, queue));
        }
        return parsed;
    }

    /**
     * Refuses {@code x-queue-master-locator}, which RabbitMQ 4.3 denies unless it is told otherwise.
     *
     * @throws AmqpError 541
     */
    public static void refuseMasterLocator(FieldTable arguments) {
        if (arguments.get(X_QUEUE_MASTER_LOCATOR) != null) {
            throw AmqpError.of(
                    ReplyCode.INTERNAL_ERROR,
                    "Feature `queue_master_locator` is deprecated. Its use is not permitted by default.");
        }
    }

    /** Whether there is a type of queues of that name, be it one that this broker doesn't have. */
    public static boolean isQueueType(String name) {
        return QueueType.find(name) != null;
    }

    /** Whether queues of that type may be exclusive, auto-delete or transient. */
    public static boolean mayBeTemporary(String type) {
        return QueueType.find(type) == QueueType.CLASSIC;
    }

    /**
     * The dead letter exchange of a new queue, whose type RabbitMQ checks before permissions and before all other
     * arguments.
     *
     * @return null if there is none
     * @throws AmqpError 406 if the argument is not a {@code longstr}
     */
    public static @Nullable String deadLetterExchange(String vhost, String queue, FieldTable arguments) {
        FieldValue exchange = arguments.get(X_DEAD_LETTER_EXCHANGE);
        if (exchange == null) {
            return null;
        }
        if (!exchange.isLongString()) {
            throw AmqpError.preconditionFailed("invalid type '" + exchange.typeName() + "' for arg '"
                    + X_DEAD_LETTER_EXCHANGE + "' in " + resource(vhost, queue));
        }
        return exchange.asString();
    }

    /**
     * Compares the arguments of a declaration with those of the classic queue that exists; only arguments that a
     * classic queue knows count, and no {@code x-queue-type} is the same as {@code classic}.
     *
     * @throws AmqpError 406 for the first difference
     */
    public static void checkEquivalent(String vhost, String queue, FieldTable existing, FieldTable requested) {
        String resource = resource(vhost, queue);
        for (String name : COMPARED) {
            FieldValue received = requested.get(name);
            FieldValue current = existing.get(name);
            if (name.equals(X_QUEUE_TYPE)) {
                received = typeOrClassic(received);
                current = typeOrClassic(current);
            }
            Equivalence.checkArgument(resource, name, received, current);
        }
    }

    /** The type with its short name, so that a module name is the same type. */
    private static FieldValue typeOrClassic(@Nullable FieldValue type) {
        if (type == null) {
            return FieldValue.of(QueueType.CLASSIC.wireName);
        }
        QueueType known = type.isLongString() ? QueueType.find(type.asString()) : null;
        return known == null ? type : FieldValue.of(known.wireName);
    }

    private static QueueType queueType(ArgumentCheck check) {
        FieldValue value = check.longString(X_QUEUE_TYPE);
        if (value == null) {
            return QueueType.CLASSIC;
        }
        QueueType type = QueueType.find(value.asString());
        if (type == null) {
            throw check.invalid(X_QUEUE_TYPE, "\"unsupported queue type '" + value.asString() + "'\"");
        }
        return type;
    }

    private static @Nullable String deadLetterRoutingKey(ArgumentCheck check) {
        FieldValue key = check.longString(X_DEAD_LETTER_ROUTING_KEY);
        if (key == null) {
            return null;
        }
        if (check.find(X_DEAD_LETTER_EXCHANGE) == null) {
            throw check.invalid(X_DEAD_LETTER_ROUTING_KEY, "routing_key_but_no_dlx_defined");
        }
        return key.asString();
    }

    private static @Nullable Overflow overflow(ArgumentCheck check) {
        FieldValue value = check.longString(X_OVERFLOW);
        if (value == null) {
            return null;
        }
        Overflow overflow = Overflow.find(value.asString());
        if (overflow == null) {
            throw check.invalid(X_OVERFLOW, "invalid_overflow");
        }
        return overflow;
    }

    private static int maxPriority(ArgumentCheck check) {
        long priority = check.integer(X_MAX_PRIORITY, 0);
        if (priority > 255) {
            throw check.invalid(X_MAX_PRIORITY, "{max_value_exceeded," + priority + "}");
        }
        return (int) priority;
    }

    private static void checkVersion(ArgumentCheck check) {
        long version = check.integer(X_QUEUE_VERSION, 0);
        if (version != ArgumentCheck.ABSENT && version != 2) {
            throw check.invalid(X_QUEUE_VERSION, "\"unsupported queue version '" + version + "'\"");
        }
    }

    static String resource(String vhost, String queue) {
        return "queue '" + queue + "' in vhost '" + vhost + "'";
    }

    private enum QueueType {
        CLASSIC("classic", "rabbit_classic_queue", OtherTypesArguments.NOT_FOR_CLASSIC),
        QUORUM("quorum", "rabbit_quorum_queue", OtherTypesArguments.NOT_FOR_QUORUM),
        STREAM("stream", "rabbit_stream_queue", OtherTypesArguments.NOT_FOR_STREAM);

        private final String wireName;
        private final String moduleName;
        private final Set<String> notFor;

        QueueType(String wireName, String moduleName, Set<String> notFor) {
            this.wireName = wireName;
            this.moduleName = moduleName;
            this.notFor = notFor;
        }

        static @Nullable QueueType find(String name) {
            for (QueueType type : values()) {
                if (type.wireName.equals(name) || type.moduleName.equals(name)) {
                    return type;
                }
            }
            return null;
        }
    }
}
