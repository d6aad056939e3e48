package io.leveret.broker.vhost;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.queue.QueueArguments;
import io.leveret.broker.queue.QueueRef;

/**
 * What a declaration of a queue in one virtual host has to be like.
 *
 * @param vhost the name of the virtual host
 */
record QueueRules(String vhost, VirtualHostResources.Permits permits) {
    /**
     * Refuses a new queue that cannot be, whatever the limits are.
     *
     * @throws AmqpError with RabbitMQ's text
     */
    void checkNewQueue(QueueDeclaration wanted) {
        QueueArguments.parse(vhost, wanted.name(), wanted.arguments());
        checkPermitted(wanted);
    }

    /** The declaration with the default type of queues, or, where it doesn't fit the flags, as a classic one. */
    QueueDeclaration withQueueType(QueueDeclaration wanted, Definition.VirtualHost described) {
        if (wanted.arguments().get(QueueArguments.X_QUEUE_TYPE) != null) {
            return wanted;
        }
        String own = described.defaultQueueType();
        String type = own != null ? own : permits.defaultQueueType();
        boolean temporary = wanted.exclusive() || wanted.autoDelete() || !wanted.durable();
        return wanted.withType(temporary && !QueueArguments.mayBeTemporary(type) ? "classic" : type);
    }

    private void checkPermitted(QueueDeclaration wanted) {
        if (!permits.queueMasterLocator()) {
            QueueArguments.refuseMasterLocator(wanted.arguments());
        }
        if (!wanted.durable() && !wanted.exclusive() && !permits.transientNonexclusiveQueues()) {
            throw AmqpError.of(
                    ReplyCode.INTERNAL_ERROR,
                    "Feature `transient_nonexcl_queues` is deprecated.\nBy default, this feature is not permitted anymore."
                            + "\nIts use may be permitted by the setting that this broker has for it.");
        }
    }

    /**
     * Compares a declaration with the queue that is there, in RabbitMQ's order.
     *
     * @throws AmqpError 405 or 406 for the first difference
     */
    void checkEquivalent(QueueRef existing, QueueDeclaration wanted) {
        existing.checkAccess(wanted.connection());
        if (existing.isExclusive() != wanted.exclusive()) {
            throw existing.exclusiveElsewhere();
        }
        if (!existing.isExclusive()) {
            checkFlag(existing, "durable", wanted.durable(), existing.isDurable());
        }
        checkFlag(existing, "auto_delete", wanted.autoDelete(), existing.isAutoDelete());
        QueueArguments.checkEquivalent(vhost, existing.name(), existing.arguments(), wanted.arguments());
    }

    private static void checkFlag(QueueRef queue, String flag, boolean received, boolean current) {
        if (received != current) {
            throw AmqpError.preconditionFailed("inequivalent arg '" + flag + "' for " + queue.describe()
                    + ": received '" + received + "' but current is '" + current + "'");
        }
    }
}
