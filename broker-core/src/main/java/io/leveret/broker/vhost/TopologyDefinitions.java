package io.leveret.broker.vhost;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.queue.QueueRef;

/**
 * The definitions of what is in one virtual host, as the store keeps them.
 *
 * @param vhost the name of the virtual host
 */
record TopologyDefinitions(String vhost) {
    static boolean isDurable(Binding binding) {
        return binding.source().isDurable()
                && (binding.destination() instanceof QueueRef queue
                        ? queue.isDurable()
                        : binding.destination() instanceof Exchange exchange && exchange.isDurable());
    }

    /** As error texts name a queue that is not there yet. */
    String describe(QueueDeclaration wanted) {
        return "queue '" + wanted.name() + "' in vhost '" + vhost + "'";
    }

    Definition of(Exchange exchange) {
        return new Definition.Exchange(
                vhost,
                exchange.name(),
                exchange.type().name(),
                exchange.isDurable(),
                exchange.isAutoDelete(),
                exchange.isInternal(),
                exchange.arguments(),
                exchange.id());
    }

    /** @param id see {@link Definition.Queue} */
    Definition of(QueueDeclaration wanted, long id) {
        return new Definition.Queue(vhost, wanted.name(), wanted.autoDelete(), wanted.arguments(), id);
    }

    Definition of(QueueRef queue) {
        return new Definition.Queue(vhost, queue.name(), queue.isAutoDelete(), queue.arguments(), queue.id());
    }

    Definition of(Binding binding) {
        return new Definition.Binding(
                vhost,
                binding.source().name(),
                binding.destination().name(),
                binding.destination() instanceof QueueDestination,
                binding.routingKey(),
                binding.arguments());
    }
}
