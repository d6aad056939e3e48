package io.leveret.broker.exchange.choice;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.ErlangTerm;
import io.leveret.broker.exchange.RoutedMessage;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import org.jspecify.annotations.Nullable;

/** What of a message a consistent hash exchange hashes. */
enum HashedValue {
    ROUTING_KEY,
    HEADER,
    CORRELATION_ID,
    MESSAGE_ID,
    TIMESTAMP;

    private static final String HASH_HEADER = "hash-header";
    private static final String HASH_PROPERTY = "hash-property";
    /** What a message hashes as that has not got the value, so that all of these go one way. */
    private static final String UNDEFINED = "undefined";

    /**
     * What the arguments of an exchange ask for.
     *
     * @throws AmqpError 406 with RabbitMQ's text
     */
    static HashedValue of(FieldTable arguments) {
        FieldValue header = arguments.get(HASH_HEADER);
        FieldValue property = arguments.get(HASH_PROPERTY);
        if (header != null && property != null) {
            throw AmqpError.preconditionFailed("hash-header and hash-property are mutually exclusive");
        }
        if (header != null) {
            requireText(HASH_HEADER, header);
            return HEADER;
        }
        if (property == null) {
            return ROUTING_KEY;
        }
        requireText(HASH_PROPERTY, property);
        return switch (property.asString()) {
            case "correlation_id" -> CORRELATION_ID;
            case "message_id" -> MESSAGE_ID;
            case "timestamp" -> TIMESTAMP;
            default -> throw AmqpError.preconditionFailed("Unsupported property: " + property.asString());
        };
    }

    /** RabbitMQ fails on such an argument without a text of its own. */
    private static void requireText(String argument, FieldValue value) {
        if (!value.isLongString()) {
            throw AmqpError.preconditionFailed(
                    "invalid type '" + value.typeName() + "' for arg '" + argument + "', expected longstr");
        }
    }

    /** The name in {@code hash-header}, the empty string for none. */
    static String header(FieldTable arguments) {
        FieldValue header = arguments.get(HASH_HEADER);
        return header == null ? "" : header.asString();
    }

    /** @param header the name of the header for {@link #HEADER} */
    String in(RoutedMessage message, String header) {
        if (this == ROUTING_KEY) {
            return message.routingKey();
        }
        if (this == HEADER) {
            FieldValue value = message.headers().get(header);
            if (value == null) {
                return UNDEFINED;
            }
            return value.isLongString() ? value.asString() : ErlangTerm.print(value);
        }
        BasicProperties properties = message.properties();
        @Nullable Object value = switch (this) {
            case CORRELATION_ID -> properties.correlationId();
            case MESSAGE_ID -> properties.messageId();
            default -> properties.timestamp();
        };
        return value == null ? UNDEFINED : value.toString();
    }
}
