package io.leveret.broker.vhost;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.queue.QueueRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Queues, exchanges and bindings that are to go from a virtual host together, with what goes because of them: bindings that
 * lose an end, auto-delete exchanges that lose their last binding. Nothing is changed before {@link #apply}, so that the
 * store can be asked between the two.
 *
 * <p>Belongs to the {@link TopologyWriter}, within one task.
 */
public final class TopologyRemoval {
    private final Topology topology;
    private final boolean followsAutoDelete;
    private final Set<QueueRef> queues = new LinkedHashSet<>();
    private final Set<Exchange> exchanges = new LinkedHashSet<>();
    private final Set<Binding> bindings = new LinkedHashSet<>();
    private final List<DefinitionChange> more = new ArrayList<>();
    private final Map<Exchange, Integer> losses = new HashMap<>();
    private final Deque<Exchange> doomed = new ArrayDeque<>();

    /** @param followsAutoDelete false to leave auto-delete exchanges there without a binding */
    TopologyRemoval(Topology topology, boolean followsAutoDelete) {
        this.topology = topology;
        this.followsAutoDelete = followsAutoDelete;
    }

    /** Adds a queue, unless it is not there any more. */
    void queue(QueueRef queue) {
        if (topology.has(queue) && queues.add(queue)) {
            topology.incoming(queue).forEach(this::lose);
            takeAlong();
        }
    }

    void exchange(Exchange exchange) {
        doomed.add(exchange);
        takeAlong();
    }

    void binding(Binding binding) {
        lose(binding);
        takeAlong();
    }

    /** Adds something else that is stored and goes too. */
    void stored(Definition definition) {
        more.add(new DefinitionChange.Delete(definition));
    }

    /** Exchanges may hang on one another in chains of any length, and in circles. */
    private void takeAlong() {
        Exchange exchange;
        while ((exchange = doomed.poll()) != null) {
            if (topology.has(exchange) && exchanges.add(exchange)) {
                bindings.addAll(exchange.bindings());
                topology.incoming(exchange).forEach(this::lose);
            }
        }
    }

    private void lose(Binding binding) {
        if (bindings.add(binding)) {
            Exchange source = binding.source();
            int lost = losses.merge(source, 1, Integer::sum);
            if (followsAutoDelete && source.isAutoDelete() && lost == source.bindingCount()) {
                doomed.add(source);
            }
        }
    }

    /** What has to be taken out of the store before {@link #apply}. */
    public List<DefinitionChange> changes() {
        TopologyDefinitions definitions = topology.definitions();
        List<DefinitionChange> changes = new ArrayList<>();
        for (Binding binding : bindings) {
            if (TopologyDefinitions.isDurable(binding)) {
                changes.add(new DefinitionChange.Delete(definitions.of(binding)));
            }
        }
        exchanges.forEach(exchange -> changes.add(new DefinitionChange.Delete(definitions.of(exchange))));
        for (QueueRef queue : queues) {
            if (queue.isDurable()) {
                changes.add(new DefinitionChange.Delete(definitions.of(queue)));
            }
        }
        changes.addAll(more);
        return changes;
    }

    /**
     * Makes all of it go; waits for the loops of the queues.
     *
     * @return how many ready messages the queues had
     */
    public int apply() {
        int dropped = topology.onDropContents(queues);
        bindings.forEach(topology::dropBinding);
        exchanges.forEach(topology::dropExchange);
        queues.forEach(topology::dropQueue);
        topology.changed();
        return dropped;
    }
}
