package io.leveret.broker.queue;

import io.leveret.broker.policy.QueuePolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a classic queue goes by now: its arguments and the policy that matches it. Where both speak, the smaller number
 * wins, and the argument for the rest, as in RabbitMQ (rabbit_queue_type_util: args_policy_lookup).
 *
 * @param expiresMillis how long it may be idle, -1 for ever
 * @param messageTtlMillis how long a message may wait, -1 for ever
 * @param deadLettering null if dead messages are dropped
 * @param maxLength how many messages may be ready, -1 for any number
 * @param maxLengthBytes how many bytes the bodies of ready messages may have together, -1 for any number
 */
public record QueueSettings(
        long expiresMillis,
        long messageTtlMillis,
        @Nullable DeadLettering deadLettering,
        long maxLength,
        long maxLengthBytes,
        QueueArguments.Overflow overflow) {

    /** The settings of a queue with these arguments under that policy. */
    public static QueueSettings of(QueueArguments arguments, QueuePolicy policy) {
        return new QueueSettings(
                smaller(arguments.expiresMillis(), policy.expiresMillis()),
                smaller(arguments.messageTtlMillis(), policy.messageTtlMillis()),
                deadLettering(arguments, policy),
                smaller(arguments.maxLength(), policy.maxLength()),
                smaller(arguments.maxLengthBytes(), policy.maxLengthBytes()),
                overflow(arguments, policy));
    }

    private static long smaller(long argument, long policy) {
        if (argument < 0) {
            return policy;
        }
        return policy < 0 ? argument : Math.min(argument, policy);
    }

    private static @Nullable DeadLettering deadLettering(QueueArguments arguments, QueuePolicy policy) {
        String exchange = arguments.deadLetterExchange();
        if (exchange == null) {
            exchange = policy.deadLetterExchange();
        }
        if (exchange == null) {
            return null;
        }
        String key = arguments.deadLetterRoutingKey();
        return new DeadLettering(exchange, key != null ? key : policy.deadLetterRoutingKey());
    }

    private static QueueArguments.Overflow overflow(QueueArguments arguments, QueuePolicy policy) {
        QueueArguments.Overflow overflow = arguments.overflow();
        if (overflow == null && policy.overflow() != null) {
            overflow = QueueArguments.Overflow.find(policy.overflow());
        }
        return overflow != null ? overflow : QueueArguments.Overflow.DROP_HEAD;
    }
}
