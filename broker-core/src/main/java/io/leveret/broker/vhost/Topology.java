package io.leveret.broker.vhost;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeHost;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.QueueLookup;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.EventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.policy.Policies;
import io.leveret.broker.policy.Policy;
import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.QueueHost;
import io.leveret.broker.queue.QueueRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchanges, queues, bindings and policies of one virtual host, and the rules by which they change.
 *
 * <p>Methods whose name begins with {@code on}, and all others that change something, are for the {@link TopologyWriter}
 * alone. Names may be looked up by any thread, without a lock.
 */
final class Topology {
    private static final Logger LOG = LoggerFactory.getLogger(Topology.class);
    private static final String RESERVED = "amq.";

    private final String name;
    private final ExchangeTypes types;
    private final TopologyStore store;
    private final VirtualHostResources resources;
    private final EventLoops loops;
    private final QueueHost queueHost;
    private final ExchangeHost exchangeHost;
    private final QueueRules rules;
    private final TopologyLimits limits;
    private final TopologyDefinitions definitions;
    private final Map<String, Exchange> exchanges = new ConcurrentHashMap<>();
    private final Map<String, QueueRef> queues = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private final VirtualHostPolicies policies = new VirtualHostPolicies();
    /** By destination; the writer's own. */
    private final Map<Destination, Set<Binding>> incoming = new HashMap<>();

    private volatile Definition.VirtualHost metadata;
    private volatile boolean deleted;

    /** The predeclared exchanges and nothing else. */
    Topology(
            Definition.VirtualHost metadata,
            VirtualHostResources resources,
            QueueHost queueHost,
            ExchangeHost exchangeHost) {
        this.name = metadata.name();
        this.metadata = metadata;
        this.resources = resources;
        this.types = resources.types();
        this.store = new TopologyStore(name, resources.store());
        this.loops = resources.loops();
        this.queueHost = queueHost;
        this.exchangeHost = exchangeHost;
        this.rules = new QueueRules(name, resources.permits());
        this.limits = new TopologyLimits(name, resources);
        this.definitions = new TopologyDefinitions(name);
        QueueLookup pseudoQueues = resources.pseudoQueues();
        exchanges.put("", Exchange.defaultExchange(name, queue -> {
            QueueDestination real = queues.get(queue);
            return real != null ? real : pseudoQueues.queue(queue);
        }));
        predeclare("amq.direct", ExchangeTypes.DIRECT, false);
        predeclare("amq.fanout", ExchangeTypes.FANOUT, false);
        predeclare("amq.topic", ExchangeTypes.TOPIC, false);
        predeclare("amq.headers", ExchangeTypes.HEADERS, false);
        predeclare("amq.match", ExchangeTypes.HEADERS, false);
        predeclare(VirtualHost.TRACE, ExchangeTypes.TOPIC, true);
    }

    private void predeclare(String exchange, ExchangeType type, boolean internal) {
        exchanges.put(exchange, new Exchange(exchange, name, type, true, false, internal, FieldTable.EMPTY));
    }

    Definition.VirtualHost metadata() {
        return metadata;
    }

    void describe(Definition.VirtualHost changed) {
        metadata = changed;
    }

    boolean isDeleted() {
        return deleted;
    }

    long version() {
        return version.get();
    }

    Policies policies() {
        return policies.current();
    }

    QueueRules rules() {
        return rules;
    }

    TopologyLimits limits() {
        return limits;
    }

    TopologyDefinitions definitions() {
        return definitions;
    }

    @Nullable Exchange exchange(String exchangeName) {
        return exchanges.get(exchangeName);
    }

    /** The queue of that name unless it is about to go. */
    @Nullable QueueRef queue(String queueName) {
        QueueRef queue = queues.get(queueName);
        return queue == null || queue.isDeleted() ? null : queue;
    }

    Exchange requireExchange(String exchangeName) {
        Exchange exchange = exchanges.get(exchangeName);
        if (exchange == null) {
            throw noExchange(exchangeName);
        }
        return exchange;
    }

    QueueRef requireQueue(String queueName) {
        QueueRef queue = queue(queueName);
        if (queue == null) {
            throw noQueue(queueName);
        }
        return queue;
    }

    AmqpError noExchange(String exchangeName) {
        return AmqpError.notFound("no exchange '" + exchangeName + "' in vhost '" + name + "'");
    }

    AmqpError noQueue(String queueName) {
        return AmqpError.notFound("no queue '" + queueName + "' in vhost '" + name + "'");
    }

    /** All exchanges, while they may change. */
    Collection<Exchange> exchanges() {
        return exchanges.values();
    }

    /** All queues, while they may change. */
    Collection<QueueRef> queues() {
        return queues.values();
    }

    /**
     * Puts policies in the place of those with the same names, all at once: stores them, then puts every queue and exchange
     * they match under them.
     *
     * @return completes when the queues go by them
     */
    CompletableFuture<Void> onPutPolicies(List<Policy> added) {
        resources
                .store()
                .apply(added.stream()
                        .<DefinitionChange>map(policy -> new DefinitionChange.Put(policy.definition()))
                        .toList());
        return addPolicies(added);
    }

    /** The same with policies that are stored. */
    CompletableFuture<Void> addPolicies(List<Policy> added) {
        List<Policy> touched = new ArrayList<>(added);
        for (Policy policy : added) {
            Policy old = policies()
                    .find(policy.definition().name(), policy.definition().operator());
            if (old != null) {
                touched.add(old);
            }
        }
        return changePolicies(policies.current().with(added), touched);
    }

    /**
     * Takes a policy, or an operator policy, away, and undoes what it did.
     *
     * @return completes when no queue goes by it any more
     * @throws NoSuchDefinitionException if there is none of that name
     */
    CompletableFuture<Void> onClearPolicy(String policyName, boolean operator) {
        Policy old = policies.current().find(policyName, operator);
        if (old == null) {
            throw NoSuchDefinitionException.parameter();
        }
        resources.store().apply(List.of(new DefinitionChange.Delete(old.definition())));
        return changePolicies(policies.current().without(old), List.of(old));
    }

    private CompletableFuture<Void> changePolicies(Policies changed, List<Policy> touched) {
        CompletableFuture<Void> applied = policies.change(changed, touched, queues.values(), exchanges.values());
        if (policies.hasRerouted()) {
            changed();
        }
        return applied;
    }

    /** All that there is in this virtual host, to be removed; nothing is changed yet. */
    TopologyRemoval everything() {
        TopologyRemoval removal = new TopologyRemoval(this, true);
        queues.values().forEach(removal::queue);
        exchanges.values().forEach(removal::exchange);
        for (boolean operator : new boolean[] {false, true}) {
            policies.current().list(operator).forEach(removal::stored);
        }
        return removal;
    }

    /** Refuses to declare anything from now on. */
    void onDeleted() {
        deleted = true;
    }

    @Nullable Void onRestore(List<Definition> stored) {
        new TopologyRestoration(this, types).run(stored);
        return null;
    }

    Exchange onDeclareExchange(ExchangeDeclaration wanted) {
        Exchange existing = exchanges.get(wanted.name());
        if (existing != null) {
            existing.checkEquivalent(
                    wanted.type(), wanted.durable(), wanted.autoDelete(), wanted.internal(), wanted.arguments());
            return existing;
        }
        if (wanted.name().startsWith(RESERVED)) {
            throw AmqpError.accessRefused(
                    "exchange name '" + wanted.name() + "' contains reserved prefix '" + RESERVED + "*'");
        }
        Exchange exchange = newExchange(wanted);
        limits.checkExchange(wanted.name(), 0);
        store.apply(List.of(new DefinitionChange.Put(definitions.of(exchange))), "declare", exchange);
        addExchange(exchange);
        changed();
        return exchange;
    }

    /** An exchange that nobody knows yet; its arguments are checked. */
    Exchange newExchange(ExchangeDeclaration wanted) {
        ExchangeType type = types.require(wanted.type());
        Exchange.validateNewArguments(wanted.name(), name, type, wanted.arguments(), types);
        return exchange(wanted, type, nextId());
    }

    /** One that is stored, of this type. */
    Exchange exchange(Definition.Exchange stored, ExchangeType type) {
        resources.ids().seen(stored.id());
        ExchangeDeclaration declared = new ExchangeDeclaration(
                stored.name(),
                stored.type(),
                stored.durable(),
                stored.autoDelete(),
                stored.internal(),
                stored.arguments());
        return exchange(declared, type, stored.id());
    }

    private Exchange exchange(ExchangeDeclaration wanted, ExchangeType type, long id) {
        return new Exchange(
                wanted.name(),
                name,
                type,
                wanted.durable(),
                wanted.autoDelete(),
                wanted.internal(),
                wanted.arguments(),
                exchangeHost,
                id);
    }

    /** Puts it under its policy and makes it known; to be followed by {@link #changed}. */
    void addExchange(Exchange exchange) {
        policies.applyTo(exchange);
        exchanges.put(exchange.name(), exchange);
    }

    /** To be followed by {@link #changed}. */
    void addBinding(Binding binding) {
        if (binding.source().bind(binding)) {
            incoming.computeIfAbsent(binding.destination(), key -> new LinkedHashSet<>())
                    .add(binding);
        }
    }

    boolean isBound(Binding binding) {
        Set<Binding> known = incoming.get(binding.destination());
        return known != null && known.contains(binding);
    }

    /** Where a queue lives that no connection declares. */
    EventLoop nextLoop() {
        return loops.next();
    }

    /** By which the journal will know something new. */
    long nextId() {
        return resources.ids().next();
    }

    /** Lets readers see that routes may be different now. */
    void changed() {
        version.incrementAndGet();
    }

    @Nullable Void onDeleteExchange(String exchangeName, boolean ifUnused) {
        if (exchangeName.startsWith(RESERVED)) {
            throw AmqpError.accessRefused(
                    "deletion of system exchange '" + exchangeName + "' in vhost '" + name + "' not allowed");
        }
        Exchange exchange = exchanges.get(exchangeName);
        if (exchange == null) {
            return null;
        }
        if (ifUnused && exchange.hasBindings()) {
            throw AmqpError.preconditionFailed(exchange + " in use");
        }
        TopologyRemoval removal = new TopologyRemoval(this, true);
        removal.exchange(exchange);
        store.apply(removal.changes(), "delete", exchange);
        removal.apply();
        return null;
    }

    @Nullable Void onBind(BindingRequest request) {
        Exchange source = requireExchange(request.source());
        Destination destination =
                request.toQueue() ? requireQueue(request.destination()) : requireExchange(request.destination());
        if (destination instanceof QueueRef queue) {
            queue.checkAccess(request.connection());
        }
        Binding binding = new Binding(source, destination, request.routingKey(), request.arguments());
        source.validateBinding(binding);
        if (isBound(binding)) {
            return null;
        }
        if (TopologyDefinitions.isDurable(binding)) {
            store.apply(List.of(new DefinitionChange.Put(definitions.of(binding))), "add", binding);
        }
        addBinding(binding);
        changed();
        return null;
    }

    @Nullable Void onUnbind(BindingRequest request) {
        Exchange source = exchanges.get(request.source());
        Destination destination =
                request.toQueue() ? queue(request.destination()) : exchanges.get(request.destination());
        if (source == null || destination == null) {
            return null;
        }
        Binding binding = new Binding(source, destination, request.routingKey(), request.arguments());
        if (!isBound(binding)) {
            return null;
        }
        if (destination instanceof QueueRef queue) {
            queue.checkAccess(request.connection());
        }
        TopologyRemoval removal = new TopologyRemoval(this, true);
        removal.binding(binding);
        store.apply(removal.changes(), "remove", binding);
        removal.apply();
        return null;
    }

    QueueRef onDeclareQueue(QueueDeclaration declaration) {
        QueueDeclaration wanted = rules.withQueueType(declaration, metadata);
        QueueRef existing = settledQueue(wanted.name());
        if (existing != null) {
            rules.checkEquivalent(existing, wanted);
            return existing;
        }
        rules.checkNewQueue(wanted);
        limits.checkQueue(wanted.name(), queues.size());
        long id = nextId();
        if (wanted.durable() && !wanted.exclusive()) {
            store.apply(
                    List.of(new DefinitionChange.Put(definitions.of(wanted, id))),
                    "declare",
                    definitions.describe(wanted));
        }
        QueueRef queue = addQueue(wanted, id);
        changed();
        return queue;
    }

    /** The queue of that name; one that is about to go is gone for good before this returns. */
    @Nullable QueueRef settledQueue(String queueName) {
        QueueRef queue = queues.get(queueName);
        if (queue != null && queue.isDeleted()) {
            onDeleteClosed(queue);
            return null;
        }
        return queue;
    }

    /** A new queue, which has been checked, under its policy; to be followed by {@link #changed}. */
    QueueRef addQueue(QueueDeclaration wanted, long id) {
        QueueRef queue = new QueueRef(
                name,
                wanted.name(),
                wanted.durable() && !wanted.exclusive(),
                wanted.autoDelete(),
                wanted.arguments(),
                wanted.exclusive() ? wanted.connection() : null,
                wanted.home(),
                queueHost,
                policies.current().ofClassicQueue(wanted.name()),
                id);
        put(queue);
        return queue;
    }

    /** A queue that is stored, under its policy; to be followed by {@link #changed}. */
    void addQueue(Definition.Queue stored) {
        resources.ids().seen(stored.id());
        addQueue(
                new QueueDeclaration(
                        stored.name(), true, false, stored.autoDelete(), stored.arguments(), null, loops.next()),
                stored.id());
    }

    private void put(QueueRef queue) {
        queues.put(queue.name(), queue);
        resources.listeners().added(queue);
        logQueue(queue, "queue is there");
    }

    Integer onDeleteQueue(String queueName, boolean ifUnused, boolean ifEmpty, @Nullable Object connection) {
        QueueRef queue = queues.get(queueName);
        if (queue == null) {
            return 0;
        }
        queue.checkAccess(connection);
        await(queue.submit(owned -> {
            owned.onClose(ifUnused, ifEmpty);
            return true;
        }));
        return onDeleteClosed(queue);
    }

    /**
     * Deletes a queue that is closed, unless it is gone or open again.
     *
     * @return how many ready messages it had
     */
    Integer onDeleteClosed(QueueRef queue) {
        if (!queue.isDeleted()) {
            return 0;
        }
        TopologyRemoval removal = new TopologyRemoval(this, true);
        removal.queue(queue);
        boolean stored = false;
        try {
            store.apply(removal.changes(), "delete", queue);
            stored = true;
        } finally {
            if (!stored) {
                await(queue.submit(owned -> {
                    owned.onReopen();
                    return true;
                }));
            }
        }
        return removal.apply();
    }

    /** Deletes queues whatever state they are in. If that can't be stored, those go of which nothing is stored. */
    @Nullable Void onDeleteQueues(Collection<QueueRef> doomed) {
        TopologyRemoval removal = new TopologyRemoval(this, true);
        doomed.forEach(removal::queue);
        TopologyRemoval unstored = new TopologyRemoval(this, false);
        doomed.stream().filter(queue -> !queue.isDurable()).forEach(unstored::queue);
        boolean stored = false;
        try {
            store.apply(removal.changes(), "delete", doomed);
            stored = true;
        } finally {
            (stored ? removal : unstored).apply();
        }
        return null;
    }

    // ---- for a TopologyRemoval

    boolean has(QueueRef queue) {
        return queues.get(queue.name()) == queue;
    }

    boolean has(Exchange exchange) {
        return exchanges.get(exchange.name()) == exchange;
    }

    /** The bindings that lead to a destination. */
    Collection<Binding> incoming(Destination destination) {
        return incoming.getOrDefault(destination, Set.of());
    }

    /** Deletes what is in queues, and returns how many messages were ready. */
    int onDropContents(Collection<QueueRef> doomed) {
        List<CompletableFuture<Integer>> emptied = new ArrayList<>(doomed.size());
        doomed.forEach(queue -> emptied.add(queue.submit(ClassicQueue::onDelete)));
        int dropped = 0;
        for (CompletableFuture<Integer> one : emptied) {
            dropped += await(one);
        }
        return dropped;
    }

    void dropBinding(Binding binding) {
        binding.source().unbind(binding);
        Set<Binding> known = incoming.get(binding.destination());
        if (known != null && known.remove(binding) && known.isEmpty()) {
            incoming.remove(binding.destination());
        }
    }

    void dropExchange(Exchange exchange) {
        exchanges.remove(exchange.name(), exchange);
        exchange.deleted();
    }

    void dropQueue(QueueRef queue) {
        queues.remove(queue.name(), queue);
        resources.listeners().removed(queue);
        logQueue(queue, "queue is gone");
    }

    private void logQueue(QueueRef queue, String event) {
        LOG.atDebug()
                .addKeyValue("vhost", name)
                .addKeyValue("queue", queue.name())
                .log(event);
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the broker is closing", e);
        }
    }
}
