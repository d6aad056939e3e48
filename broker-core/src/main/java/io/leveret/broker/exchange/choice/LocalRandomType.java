package io.leveret.broker.exchange.choice;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.BindingTable;
import io.leveret.broker.exchange.ExchangeContext;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.QueueDestination;

/**
 * {@code x-local-random}: each message goes to one queue of this node, chosen by chance. Takes classic queues alone, bound
 * without a key.
 */
public final class LocalRandomType implements ExchangeType {
    @Override
    public String name() {
        return "x-local-random";
    }

    @Override
    public BindingTable newTable(ExchangeContext exchange) {
        return new LocalRandomTable();
    }

    private static final class LocalRandomTable extends RandomTable {
        @Override
        public void validate(Binding binding) {
            if (!binding.routingKey().isEmpty()) {
                throw AmqpError.preconditionFailed(
                        "Non empty binding '" + binding.routingKey() + "' key not permitted");
            }
            if (!(binding.destination() instanceof QueueDestination)) {
                throw AmqpError.preconditionFailed("Destination not found");
            }
        }
    }
}
