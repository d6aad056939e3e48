package io.leveret.broker.exchange.delayed;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;

/**
 * {@code x-delayed-message}: holds a message back for as many milliseconds as its header {@code x-delay} says, then routes it
 * by the rules of the type that the argument {@code x-delayed-type} names, by the bindings there are at that time.
 *
 * <p>What is held back goes with the exchange. If that is durable it is also in the journal, transient messages included, as
 * the plugin keeps all of them on disk (rabbit_delayed_message, {@code disc_copies}); only persistent ones are waited for. The
 * journal has the time of day at which a message is due, so that what fell due while there was no broker goes on at once when
 * there is one.
 */
public final class DelayedMessageType implements ExchangeType {
    private static final String NAME = "x-delayed-message";
    private static final String DELAYED_TYPE = "x-delayed-type";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validateArguments(FieldTable arguments, ExchangeTypes types) {
        FieldValue type = arguments.get(DELAYED_TYPE);
        ExchangeType underlying = type == null || !type.isLongString() ? null : types.find(type.asString());
        if (underlying == null || underlying.name().equals(NAME)) {
            throw AmqpError.preconditionFailed(
                    "Invalid argument, '" + DELAYED_TYPE + "' must be an existing exchange type");
        }
        underlying.validateArguments(arguments, types);
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        FieldValue type = exchange.arguments().get(DELAYED_TYPE);
        if (type == null) {
            throw new IllegalArgumentException("no " + DELAYED_TYPE + " in " + exchange.arguments());
        }
        ExchangeType underlying = exchange.types().require(type.asString());
        return new DelayedTable(
                underlying.newTable(exchange), new Waiting(exchange, exchange.loop(), exchange.journal()));
    }
}
