package io.leveret.broker.exchange.history;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.ErlangTerm;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;

/**
 * {@code x-recent-history}: a fanout that keeps the last messages, 20 or as many as the argument
 * {@code x-recent-history-length} says, and passes them on to whatever is bound later: to a queue the oldest first, to an exchange the newest first. Those with the header
 * {@code x-recent-history-no-store} set to true are not kept.
 */
public final class RecentHistoryType implements ExchangeType {
    private static final String LENGTH = "x-recent-history-length";
    private static final int DEFAULT_LENGTH = 20;

    @Override
    public String name() {
        return "x-recent-history";
    }

    @Override
    public void validateArguments(FieldTable arguments, ExchangeTypes types) {
        FieldValue length = arguments.get(LENGTH);
        // RabbitMQ leaves out the unsigned types here
        if (length != null && ("bsIl".indexOf(length.tag()) < 0 || length.asLong() <= 0)) {
            throw AmqpError.preconditionFailed(
                    "Invalid argument " + ErlangTerm.print(length) + ", '" + LENGTH + "' must be a positive integer");
        }
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        FieldValue length = exchange.arguments().get(LENGTH);
        return new RecentHistoryTable(exchange, length == null ? DEFAULT_LENGTH : length.asLong());
    }
}
