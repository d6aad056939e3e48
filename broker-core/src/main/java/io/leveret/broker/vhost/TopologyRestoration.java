package io.leveret.broker.vhost;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts back into a virtual host what was stored of it. For the {@link TopologyWriter} alone, before anybody uses the virtual
 * host.
 */
final class TopologyRestoration {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyRestoration.class);

    private final Topology topology;
    private final ExchangeTypes types;

    TopologyRestoration(Topology topology, ExchangeTypes types) {
        this.topology = topology;
        this.types = types;
    }

    /** @param definitions each after those that it needs */
    void run(List<Definition> definitions) {
        policies(definitions);
        for (Definition definition : definitions) {
            if (definition instanceof Definition.Exchange exchange) {
                topology.addExchange(topology.exchange(exchange, type(exchange)));
            } else if (definition instanceof Definition.Queue queue) {
                topology.addQueue(queue);
            } else if (definition instanceof Definition.Binding binding) {
                bind(binding);
            }
        }
        topology.changed();
    }

    private void policies(List<Definition> definitions) {
        List<Policy> stored = new ArrayList<>();
        for (Definition definition : definitions) {
            if (definition instanceof Definition.Policy policy) {
                stored.add(Policy.of(policy));
            }
        }
        topology.addPolicies(stored);
    }

    /** What is stored stays, also if nothing can be done with it before the type is there again. */
    private ExchangeType type(Definition.Exchange stored) {
        try {
            ExchangeType type = types.require(stored.type());
            type.validateArguments(stored.arguments(), types);
            return type;
        } catch (AmqpError refused) {
            LOG.atError()
                    .addKeyValue("vhost", stored.vhost())
                    .addKeyValue("exchange", stored.name())
                    .log(
                            "exchange '{}' in vhost '{}' of type '{}' can't be used: {}; it and its bindings are kept",
                            stored.name(),
                            stored.vhost(),
                            stored.type(),
                            refused.explanation());
            return ExchangeTypes.missing(stored.type());
        }
    }

    private void bind(Definition.Binding stored) {
        Exchange source = topology.requireExchange(stored.source());
        Destination destination = stored.toQueue()
                ? topology.requireQueue(stored.destination())
                : topology.requireExchange(stored.destination());
        topology.addBinding(new Binding(source, destination, stored.routingKey(), stored.arguments()));
    }
}
