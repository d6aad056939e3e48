package io.leveret.broker.exchange;

import io.leveret.broker.error.AmqpError;

/** The implicit bindings of the default exchange: the routing key is the name of the queue. */
final class DefaultTable implements RoutingKeyTable {
    private final QueueLookup queues;

    DefaultTable(QueueLookup queues) {
        this.queues = queues;
    }

    @Override
    public void validate(Binding binding) {
        throw AmqpError.accessRefused("operation not permitted on the default exchange");
    }

    @Override
    public void add(Binding binding) {
        validate(binding);
    }

    @Override
    public void remove(Binding binding) {
        validate(binding);
    }

    @Override
    public void match(String routingKey, DestinationSink sink) {
        QueueDestination queue = queues.queue(routingKey);
        if (queue != null) {
            sink.accept(queue);
        }
    }
}
