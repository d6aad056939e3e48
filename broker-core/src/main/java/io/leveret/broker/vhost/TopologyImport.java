package io.leveret.broker.vhost;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges, queues, bindings and policies that a virtual host is to get all at once or not at all. They are checked as they are
 * added, against what is there and what was added before; nothing is changed before {@link #apply}. What is there already
 * stays as it is, also if it has other properties.
 *
 * <p>Belongs to the {@link TopologyWriter}, within one task.
 */
public final class TopologyImport {
    private final Topology topology;
    private final Planned planned;
    private final Map<String, Exchange> exchanges = new LinkedHashMap<>();
    private final Map<String, PlannedQueue> queues = new LinkedHashMap<>();
    private final Set<Binding> bindings = new LinkedHashSet<>();
    private final Map<List<Object>, Policy> policies = new LinkedHashMap<>();
    private Definition.VirtualHost described;

    /** What an import brings to all virtual hosts together, for the limits of the broker. */
    public static final class Planned {
        private int exchanges;
        private int queues;

        /** Counts a virtual host that nobody knows of yet. */
        public void add(VirtualHost created) {
            exchanges += created.exchangeCount();
        }
    }

    /** Stands for a queue that is not there yet. */
    private static final class PlannedQueue implements QueueDestination {
        private final QueueDeclaration declaration;
        private final long id;

        PlannedQueue(QueueDeclaration declaration, long id) {
            this.declaration = declaration;
            this.id = id;
        }

        @Override
        public String name() {
            return declaration.name();
        }
    }

    TopologyImport(Topology topology, Planned planned) {
        this.topology = topology;
        this.planned = planned;
        this.described = topology.metadata();
    }

    /** Changes what is said of the virtual host; it is for the caller to store. */
    public void describe(Definition.VirtualHost changed) {
        described = changed;
    }

    /** @throws AmqpError as declaring it would */
    public void exchange(ExchangeDeclaration wanted) {
        if (!hasExchange(wanted.name())) {
            Exchange exchange = topology.newExchange(wanted);
            topology.limits().checkExchange(wanted.name(), planned.exchanges++);
            exchanges.put(wanted.name(), exchange);
        }
    }

    /**
     * A new queue, if there are not too many in the broker. How many this virtual host may have is for the caller to check,
     * who knows what the import does to that limit; see {@link #newQueues}.
     *
     * @throws AmqpError as declaring it would
     */
    public void queue(String name, boolean durable, boolean autoDelete, FieldTable arguments) {
        if (topology.settledQueue(name) == null && !queues.containsKey(name)) {
            QueueDeclaration wanted = topology.rules()
                    .withQueueType(
                            new QueueDeclaration(
                                    name, durable, false, autoDelete, arguments, null, topology.nextLoop()),
                            described);
            topology.rules().checkNewQueue(wanted);
            topology.limits().checkQueueOfNode(name, planned.queues++);
            queues.put(name, new PlannedQueue(wanted, topology.nextId()));
        }
    }

    /** @throws AmqpError as binding would */
    public void binding(BindingRequest wanted) {
        Exchange source = exchange(wanted.source());
        if (source == null) {
            throw topology.noExchange(wanted.source());
        }
        Destination destination = wanted.toQueue() ? queue(wanted.destination()) : exchange(wanted.destination());
        if (destination == null) {
            throw wanted.toQueue() ? topology.noQueue(wanted.destination()) : topology.noExchange(wanted.destination());
        }
        Binding binding = new Binding(source, destination, wanted.routingKey(), wanted.arguments());
        if (!topology.isBound(binding)) {
            source.validateBinding(binding);
            bindings.add(binding);
        }
    }

    /** Whether there is, or will be, an exchange of this name. */
    public boolean hasExchange(String name) {
        return exchange(name) != null;
    }

    /** Whether there is, or will be, a queue of this name. */
    public boolean hasQueue(String name) {
        return queue(name) != null;
    }

    /** How many queues there will be more. */
    public int newQueues() {
        return queues.size();
    }

    /** Puts a policy in the place of the one with the same name; it is for the caller to store. */
    public void policy(Policy policy) {
        policies.put(policy.definition().key(), policy);
    }

    private @Nullable Exchange exchange(String name) {
        Exchange existing = topology.exchange(name);
        return existing != null ? existing : exchanges.get(name);
    }

    private @Nullable Destination queue(String name) {
        Destination existing = topology.queue(name);
        return existing != null ? existing : queues.get(name);
    }

    /** What has to be stored before {@link #apply}, beside what the caller stores. */
    public List<DefinitionChange> changes() {
        List<DefinitionChange> changes = new ArrayList<>();
        exchanges
                .values()
                .forEach(exchange -> changes.add(
                        new DefinitionChange.Put(topology.definitions().of(exchange))));
        for (PlannedQueue queue : queues.values()) {
            if (queue.declaration.durable()) {
                changes.add(new DefinitionChange.Put(topology.definitions().of(queue.declaration, queue.id)));
            }
        }
        for (Binding binding : bindings) {
            if (isDurable(binding)) {
                changes.add(new DefinitionChange.Put(topology.definitions().of(binding)));
            }
        }
        return changes;
    }

    private static boolean isDurable(Binding binding) {
        return binding.destination() instanceof PlannedQueue queue
                ? binding.source().isDurable() && queue.declaration.durable()
                : TopologyDefinitions.isDurable(binding);
    }

    /**
     * Makes all of it exist.
     *
     * @return completes when the queues that were there before go by the policies
     */
    public CompletableFuture<Void> apply() {
        topology.describe(described);
        CompletableFuture<Void> applied = policies.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : topology.addPolicies(List.copyOf(policies.values()));
        if (exchanges.isEmpty() && queues.isEmpty() && bindings.isEmpty()) {
            return applied;
        }
        exchanges.values().forEach(topology::addExchange);
        Map<PlannedQueue, Destination> created = new LinkedHashMap<>();
        queues.values().forEach(queue -> created.put(queue, topology.addQueue(queue.declaration, queue.id)));
        for (Binding binding : bindings) {
            Destination destination = created.getOrDefault(binding.destination(), binding.destination());
            topology.addBinding(new Binding(binding.source(), destination, binding.routingKey(), binding.arguments()));
        }
        topology.changed();
        return applied;
    }
}
