package io.leveret.broker.exchange;

import io.leveret.broker.message.FieldTable;

/**
 * A kind of exchange. Types that are not built in are found through {@link java.util.ServiceLoader}, see
 * {@link ExchangeTypes}; they have no state, the state is in the tables that they make.
 */
public interface ExchangeType {
    /** The name that clients declare, such as {@code direct}. */
    String name();

    /**
     * Refuses a new exchange whose arguments the type can't work with.
     *
     * @throws io.leveret.broker.error.AmqpError 406 with the type's text
     */
    default void validateArguments(String exchange, String vhost, FieldTable arguments) {}

    /** A new, empty table for an exchange with these arguments. */
    BindingTable newTable(FieldTable exchangeArguments);
}
