package io.leveret.broker.exchange;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.FieldValue;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ's comparison of a repeated declaration with what exists, and its wording (rabbit_misc:
 * assert_args_equivalence).
 */
public final class Equivalence {
    private Equivalence() {}

    /**
     * Compares a property such as {@code durable}.
     *
     * @param resource such as {@code queue 'q' in vhost '/'}
     * @throws AmqpError 406 if they differ
     */
    public static void checkProperty(String resource, String property, Object received, Object current) {
        if (!received.equals(current)) {
            throw inequivalent(resource, property, "received '" + received + "' but current is '" + current + "'");
        }
    }

    /**
     * Compares an argument by value, whatever the tags.
     *
     * @param resource such as {@code queue 'q' in vhost '/'}
     * @throws AmqpError 406 if they differ or only one of them is there
     */
    public static void checkArgument(
            String resource, String argument, @Nullable FieldValue received, @Nullable FieldValue current) {
        if (received == null) {
            if (current != null) {
                throw inequivalent(resource, argument, "received none but current is " + valueAndType(current));
            }
            return;
        }
        if (current == null) {
            throw inequivalent(resource, argument, "received " + valueAndType(received) + " but current is none");
        }
        if (!received.isEquivalentTo(current)) {
            throw inequivalent(
                    resource,
                    argument,
                    "received '" + ErlangTerm.text(received) + "' but current is '" + ErlangTerm.text(current) + "'");
        }
    }

    private static String valueAndType(FieldValue value) {
        return "the value '" + ErlangTerm.text(value) + "' of type '" + value.typeName() + "'";
    }

    private static AmqpError inequivalent(String resource, String name, String difference) {
        return AmqpError.preconditionFailed("inequivalent arg '" + name + "' for " + resource + ": " + difference);
    }
}
