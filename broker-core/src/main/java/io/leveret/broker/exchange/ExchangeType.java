package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;

/**
 * A kind of exchange. Beside the built-in ones, a broker knows those that are found through
 * {@link java.util.ServiceLoader} and those that its starter was given, in a Spring application every bean of this type.
 *
 * <p>A type has no state and may be used by several brokers and threads; what it keeps for an exchange is in the
 * {@link BindingTable} that it makes. A type that only looks at routing keys returns a {@link RoutingKeyTable}, which is
 * the fastest.
 */
public interface ExchangeType {
    /** The name that clients declare, such as {@code direct}; those of RabbitMQ's plugins begin with {@code x-}. */
    String name();

    /**
     * Refuses a new exchange whose arguments the type can't work with. Arguments that it does not know are not its business.
     *
     * @param types all types of the broker
     * @throws io.leveret.broker.error.AmqpError 406 with the type's text
     */
    default void validateArguments(FieldTable arguments, ExchangeTypes types) {}

    /**
     * A new, empty table for an exchange whose arguments are valid.
     *
     * @param exchange may be kept, but not used before this returns, other than to ask what it is
     */
    BindingTable newTable(ExchangeContext exchange);
}
