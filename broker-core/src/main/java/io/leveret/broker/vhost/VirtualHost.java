package io.leveret.broker.vhost;

import io.leveret.broker.deadletter.DeadLetters;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Destination;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeHost;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.InternalPublisher;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.exchange.QueueLookup;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.EventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.policy.Policies;
import io.leveret.broker.policy.Policy;
import io.leveret.broker.queue.QueueArguments;
import io.leveret.broker.queue.QueueHost;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.relay.Relay;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host: the names of its exchanges and queues and the bindings between them.
 *
 * <p>Changed by the {@link TopologyWriter} alone; read by every loop without a lock. A change is visible to every publish
 * that is processed after the future of the change has completed. {@link #version} tells readers when what they remember
 * of a route is out of date.
 */
public final class VirtualHost {
    private static final String RESERVED = "amq.";
    private static final String TRACE = "amq.rabbitmq.trace";

    private final String name;
    private final ExchangeTypes types;
    private final TopologyWriter writer;
    private final DefinitionStore store;
    private final VirtualHostResources resources;
    private final EventLoops loops;
    private final QueueHost host;
    private final Relay relay;
    private final ExchangeHost exchangeHost;
    private final Map<String, Exchange> exchanges = new ConcurrentHashMap<>();
    private final Map<String, QueueRef> queues = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private volatile boolean traced;
    private final VirtualHostPolicies policies = new VirtualHostPolicies();
    private volatile Definition.VirtualHost metadata;
    private volatile boolean deleted;
    /** By destination; the writer's own. */
    private final Map<Destination, Set<Binding>> incoming = new HashMap<>();

    /** A virtual host with the predeclared exchanges and nothing else. */
    public VirtualHost(String name, VirtualHostResources resources) {
        this(Definition.VirtualHost.named(name), resources);
    }

    /** The same with a description and what else is said of it. */
    public VirtualHost(Definition.VirtualHost metadata, VirtualHostResources resources) {
        this.name = metadata.name();
        this.metadata = metadata;
        this.resources = resources;
        this.types = resources.types();
        this.writer = resources.writer();
        this.store = resources.store();
        this.loops = resources.loops();
        List<? extends EventLoop> all = loops.all();
        EventLoop home = all.get(Math.floorMod(name.hashCode(), all.size()));
        this.relay = new Relay(all, home, resources.memory(), exchanges::get);
        this.exchangeHost = new ExchangeServices(types, all, relay, resources.memory(), exchanges::get);
        this.host = new QueueServices(this, new DeadLetters(all, relay, exchanges::get), resources.memory());
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
        predeclare(TRACE, ExchangeTypes.TOPIC, true);
    }

    private void predeclare(String exchange, ExchangeType type, boolean internal) {
        exchanges.put(exchange, new Exchange(exchange, name, type, true, false, internal, FieldTable.EMPTY));
    }

    public String name() {
        return name;
    }

    /** Its description, tags and default type of queues. */
    public Definition.VirtualHost metadata() {
        return metadata;
    }

    /** Changes description, tags and default type of queues; what is declared already stays as it is. Writer only. */
    public void describe(Definition.VirtualHost changed) {
        metadata = changed;
    }

    /** Whether it was deleted: then nothing can be declared in it any more. */
    public boolean isDeleted() {
        return deleted;
    }

    /** Its policies as they are now. */
    public Policies policies() {
        return policies.current();
    }

    /** The exchange types that can be declared here. */
    public ExchangeTypes exchangeTypes() {
        return types;
    }

    /** Grows with every change that may alter where a message goes; any thread. */
    public long version() {
        return version.get();
    }

    /** Whether each message that is published or delivered here is copied to {@link #traceExchange}; any thread. */
    public boolean isTraced() {
        return traced;
    }

    /**
     * Turns the firehose on or off, as {@code rabbitmqctl trace_on} does: at once, for connections that are open too, and
     * until the broker stops. Any thread.
     */
    public void setTraced(boolean on) {
        traced = on;
    }

    /** The exchange of the firehose, which can't be deleted. */
    public Exchange traceExchange() {
        return requireExchange(TRACE);
    }

    /** The way of what the broker itself publishes here. */
    public InternalPublisher internalPublisher() {
        return relay;
    }

    public @Nullable Exchange exchange(String exchangeName) {
        return exchanges.get(exchangeName);
    }

    public @Nullable QueueRef queue(String queueName) {
        QueueRef queue = queues.get(queueName);
        return queue == null || queue.isDeleted() ? null : queue;
    }

    /**
     * The exchange of that name.
     *
     * @throws AmqpError 404
     */
    public Exchange requireExchange(String exchangeName) {
        Exchange exchange = exchanges.get(exchangeName);
        if (exchange == null) {
            throw noExchange(exchangeName);
        }
        return exchange;
    }

    /**
     * The queue of that name.
     *
     * @throws AmqpError 404
     */
    public QueueRef requireQueue(String queueName) {
        QueueRef queue = queue(queueName);
        if (queue == null) {
            throw noQueue(queueName);
        }
        return queue;
    }

    public Collection<Exchange> exchanges() {
        return List.copyOf(exchanges.values());
    }

    public Collection<QueueRef> queues() {
        return List.copyOf(queues.values());
    }

    /** How many exchanges there are, the default one included. */
    public int exchangeCount() {
        return exchanges.size();
    }

    public int queueCount() {
        return queues.size();
    }

    /** A name for a queue that is declared without one: {@code amq.gen-} and 22 characters. */
    public static String newQueueName() {
        return "amq.gen-" + randomToken();
    }

    /** 128 random bits as 22 URL-safe characters. */
    public static String randomToken() {
        UUID random = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Declares an exchange, or checks that it is as declared. */
    public CompletableFuture<Exchange> declareExchange(ExchangeDeclaration declaration) {
        return change(() -> onDeclareExchange(declaration));
    }

    /** Deletes an exchange with its bindings; one that is missing is fine. */
    public CompletableFuture<Void> deleteExchange(String exchangeName, boolean ifUnused) {
        return change(() -> onDeleteExchange(exchangeName, ifUnused));
    }

    /** Binds; a binding that is there already is fine. */
    public CompletableFuture<Void> bind(BindingRequest request) {
        return change(() -> onBind(request));
    }

    /** Unbinds; anything that is missing is fine. */
    public CompletableFuture<Void> unbind(BindingRequest request) {
        return change(() -> onUnbind(request));
    }

    /** Declares a queue, or checks that it is as declared. */
    public CompletableFuture<QueueRef> declareQueue(QueueDeclaration declaration) {
        return change(() -> onDeclareQueue(declaration));
    }

    /**
     * Deletes a queue with its bindings; one that is missing is fine.
     *
     * @return how many ready messages it had
     */
    public CompletableFuture<Integer> deleteQueue(
            String queueName, boolean ifUnused, boolean ifEmpty, @Nullable Object connection) {
        return change(() -> onDeleteQueue(queueName, ifUnused, ifEmpty, connection));
    }

    /** Deletes queues whatever state they are in, such as those of a connection that ended. */
    public CompletableFuture<Void> deleteQueues(Collection<QueueRef> doomed) {
        List<QueueRef> all = List.copyOf(doomed);
        return writer.submit(() -> onDeleteQueues(all));
    }

    private <T extends @Nullable Object> CompletableFuture<T> change(Supplier<T> request) {
        return writer.submit(() -> {
            if (deleted) {
                throw AmqpError.notAllowed("vhost " + name + " not found");
            }
            return request.get();
        });
    }

    /**
     * Begins an import of exchanges, queues, bindings and policies; the writer only.
     *
     * @param planned what the whole import brings, in this and other virtual hosts
     */
    public TopologyImport beginImport(TopologyImport.Planned planned) {
        return new TopologyImport(this, planned);
    }

    /** Puts back what was stored, before anybody uses this virtual host. */
    public CompletableFuture<Void> restore(List<Definition> definitions) {
        return writer.submit(() -> onRestore(definitions));
    }

    /**
     * Puts policies in the place of those with the same names, all at once: stores them, then puts every queue and exchange
     * they match under them. Writer only.
     *
     * @return completes when the queues go by them
     */
    public CompletableFuture<Void> onPutPolicies(List<Policy> added) {
        store.apply(added.stream()
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
        return changePolicies(policies().with(added), touched);
    }

    /**
     * Takes a policy, or an operator policy, away, and undoes what it did. Writer only.
     *
     * @return completes when no queue goes by it any more
     * @throws NoSuchDefinitionException if there is none of that name
     */
    public CompletableFuture<Void> onClearPolicy(String policyName, boolean operator) {
        Policy old = policies().find(policyName, operator);
        if (old == null) {
            throw NoSuchDefinitionException.parameter();
        }
        store.apply(List.of(new DefinitionChange.Delete(old.definition())));
        return changePolicies(policies().without(old), List.of(old));
    }

    private CompletableFuture<Void> changePolicies(Policies changed, List<Policy> touched) {
        CompletableFuture<Void> applied = policies.change(changed, touched, queues.values(), exchanges.values());
        if (policies.hasRerouted()) {
            version.incrementAndGet();
        }
        return applied;
    }

    /**
     * Deletes everything in this virtual host, and refuses to declare anything from now on. Writer only.
     *
     * @return what there is to be taken out of the store
     */
    public List<DefinitionChange> onDeleteAll() {
        deleted = true;
        List<DefinitionChange> changes = new ArrayList<>();
        removeQueues(List.copyOf(queues.values()), changes);
        for (Exchange exchange : List.copyOf(exchanges.values())) {
            removeExchange(exchange, changes);
        }
        for (boolean operator : new boolean[] {false, true}) {
            policies().list(operator).forEach(policy -> changes.add(new DefinitionChange.Delete(policy)));
        }
        version.incrementAndGet();
        return changes;
    }

    private @Nullable Void onRestore(List<Definition> definitions) {
        restorePolicies(definitions);
        for (Definition definition : definitions) {
            if (definition instanceof Definition.Exchange stored) {
                Exchange exchange = new Exchange(
                        stored.name(),
                        name,
                        types.require(stored.type()),
                        stored.durable(),
                        stored.autoDelete(),
                        stored.internal(),
                        stored.arguments(),
                        exchangeHost);
                policies.applyTo(exchange);
                exchanges.put(stored.name(), exchange);
            } else if (definition instanceof Definition.Queue stored) {
                queues.put(
                        stored.name(),
                        new QueueRef(
                                name,
                                stored.name(),
                                true,
                                stored.autoDelete(),
                                stored.arguments(),
                                null,
                                loops.next(),
                                host,
                                policies().ofClassicQueue(stored.name())));
            } else if (definition instanceof Definition.Binding stored) {
                Exchange source = requireExchange(stored.source());
                Destination destination =
                        stored.toQueue() ? requireQueue(stored.destination()) : requireExchange(stored.destination());
                addBinding(new Binding(source, destination, stored.routingKey(), stored.arguments()));
            }
        }
        version.incrementAndGet();
        return null;
    }

    private void restorePolicies(List<Definition> definitions) {
        List<Policy> stored = new ArrayList<>();
        for (Definition definition : definitions) {
            if (definition instanceof Definition.Policy policy) {
                stored.add(Policy.of(policy));
            }
        }
        changePolicies(Policies.NONE.with(stored), stored);
    }

    private Exchange onDeclareExchange(ExchangeDeclaration wanted) {
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
        checkExchangeLimit(wanted.name(), 0);
        store.apply(List.of(new DefinitionChange.Put(definition(exchange))));
        addExchange(exchange);
        changed();
        return exchange;
    }

    /** An exchange that nobody knows yet; its arguments are checked. */
    Exchange newExchange(ExchangeDeclaration wanted) {
        ExchangeType type = types.require(wanted.type());
        Exchange.validateNewArguments(wanted.name(), name, type, wanted.arguments(), types);
        return new Exchange(
                wanted.name(),
                name,
                type,
                wanted.durable(),
                wanted.autoDelete(),
                wanted.internal(),
                wanted.arguments(),
                exchangeHost);
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

    /** Lets readers see that routes may be different now. */
    void changed() {
        version.incrementAndGet();
    }

    /** @param planned how many there will be more than there are */
    void checkExchangeLimit(String exchangeName, int planned) {
        int limit = resources.limits().node().exchanges();
        if (limit > 0 && resources.totals().exchanges() + planned >= limit) {
            throw AmqpError.preconditionFailed("cannot declare exchange '" + exchangeName + "' in vhost '" + name
                    + "': exchange limit of " + limit + " is reached");
        }
    }

    private void checkQueueLimits(String queueName) {
        long own = resources.limits().ofVirtualHost(name).maxQueues();
        if (own >= 0 && queues.size() >= own) {
            throw AmqpError.preconditionFailed("cannot declare queue '" + queueName + "': queue limit in vhost '" + name
                    + "' (" + own + ") is reached");
        }
        checkNodeQueueLimit(queueName, 0);
    }

    /** @param planned how many there will be more than there are */
    void checkNodeQueueLimit(String queueName, int planned) {
        int limit = resources.limits().node().queues();
        if (limit > 0 && resources.totals().queues() + planned >= limit) {
            throw AmqpError.preconditionFailed(
                    "cannot declare queue '" + queueName + "': queue limit in cluster (" + limit + ") is reached");
        }
    }

    private @Nullable Void onDeleteExchange(String exchangeName, boolean ifUnused) {
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
        List<DefinitionChange> changes = new ArrayList<>();
        removeExchange(exchange, changes);
        commit(changes);
        return null;
    }

    private @Nullable Void onBind(BindingRequest request) {
        Exchange source = requireExchange(request.source());
        Destination destination =
                request.toQueue() ? requireQueue(request.destination()) : requireExchange(request.destination());
        if (destination instanceof QueueRef queue) {
            queue.checkAccess(request.connection());
        }
        Binding binding = new Binding(source, destination, request.routingKey(), request.arguments());
        source.validateBinding(binding);
        Set<Binding> known = incoming.computeIfAbsent(destination, key -> new LinkedHashSet<>());
        if (known.contains(binding)) {
            return null;
        }
        if (isDurable(binding)) {
            store.apply(List.of(new DefinitionChange.Put(definition(binding))));
        }
        known.add(binding);
        source.bind(binding);
        version.incrementAndGet();
        return null;
    }

    private @Nullable Void onUnbind(BindingRequest request) {
        Exchange source = exchanges.get(request.source());
        Destination destination =
                request.toQueue() ? queue(request.destination()) : exchanges.get(request.destination());
        if (source == null || destination == null) {
            return null;
        }
        Binding binding = new Binding(source, destination, request.routingKey(), request.arguments());
        Set<Binding> known = incoming.get(destination);
        if (known == null || !known.contains(binding)) {
            return null;
        }
        if (destination instanceof QueueRef queue) {
            queue.checkAccess(request.connection());
        }
        List<DefinitionChange> changes = new ArrayList<>();
        removeBinding(binding, changes);
        commit(changes);
        return null;
    }

    private QueueRef onDeclareQueue(QueueDeclaration declaration) {
        QueueDeclaration wanted = withQueueType(declaration, metadata);
        QueueRef existing = settledQueue(wanted.name());
        if (existing != null) {
            checkEquivalent(existing, wanted);
            return existing;
        }
        checkNewQueue(wanted);
        checkQueueLimits(wanted.name());
        if (wanted.durable() && !wanted.exclusive()) {
            store.apply(List.of(new DefinitionChange.Put(definition(wanted))));
        }
        QueueRef queue = addQueue(wanted);
        changed();
        return queue;
    }

    /** The queue of that name; one that is about to go is gone for good before this returns. */
    @Nullable QueueRef settledQueue(String queueName) {
        QueueRef queue = queues.get(queueName);
        if (queue != null && queue.isDeleted()) {
            onDeleteQueues(List.of(queue));
            return null;
        }
        return queue;
    }

    /**
     * Refuses a new queue that cannot be, whatever the limits are.
     *
     * @throws AmqpError with RabbitMQ's text
     */
    void checkNewQueue(QueueDeclaration wanted) {
        QueueArguments.parse(name, wanted.name(), wanted.arguments());
        checkPermitted(wanted);
    }

    /** A new queue, which has been checked, under its policy; to be followed by {@link #changed}. */
    QueueRef addQueue(QueueDeclaration wanted) {
        QueueRef queue = new QueueRef(
                name,
                wanted.name(),
                wanted.durable() && !wanted.exclusive(),
                wanted.autoDelete(),
                wanted.arguments(),
                wanted.exclusive() ? wanted.connection() : null,
                wanted.home(),
                host,
                policies().ofClassicQueue(wanted.name()));
        queues.put(queue.name(), queue);
        return queue;
    }

    /** The declaration with the default type of queues, or, where it doesn't fit the flags, as a classic one. */
    QueueDeclaration withQueueType(QueueDeclaration wanted, Definition.VirtualHost described) {
        if (wanted.arguments().get(QueueArguments.X_QUEUE_TYPE) != null) {
            return wanted;
        }
        String own = described.defaultQueueType();
        String type = own != null ? own : resources.permits().defaultQueueType();
        boolean temporary = wanted.exclusive() || wanted.autoDelete() || !wanted.durable();
        return wanted.withType(temporary && !QueueArguments.mayBeTemporary(type) ? "classic" : type);
    }

    private void checkPermitted(QueueDeclaration wanted) {
        if (!resources.permits().queueMasterLocator()) {
            QueueArguments.refuseMasterLocator(wanted.arguments());
        }
        if (!wanted.durable() && !wanted.exclusive() && !resources.permits().transientNonexclusiveQueues()) {
            throw AmqpError.of(
                    ReplyCode.INTERNAL_ERROR,
                    "Feature `transient_nonexcl_queues` is deprecated.\nBy default, this feature is not permitted anymore."
                            + "\nIts use may be permitted by the setting that this broker has for it.");
        }
    }

    private void checkEquivalent(QueueRef existing, QueueDeclaration wanted) {
        existing.checkAccess(wanted.connection());
        if (existing.isExclusive() != wanted.exclusive()) {
            throw existing.exclusiveElsewhere();
        }
        if (!existing.isExclusive()) {
            checkFlag(existing, "durable", wanted.durable(), existing.isDurable());
        }
        checkFlag(existing, "auto_delete", wanted.autoDelete(), existing.isAutoDelete());
        QueueArguments.checkEquivalent(name, existing.name(), existing.arguments(), wanted.arguments());
    }

    private static void checkFlag(QueueRef queue, String flag, boolean received, boolean current) {
        if (received != current) {
            throw AmqpError.preconditionFailed("inequivalent arg '" + flag + "' for " + queue.describe()
                    + ": received '" + received + "' but current is '" + current + "'");
        }
    }

    private Integer onDeleteQueue(String queueName, boolean ifUnused, boolean ifEmpty, @Nullable Object connection) {
        QueueRef queue = queues.get(queueName);
        if (queue == null) {
            return 0;
        }
        queue.checkAccess(connection);
        int dropped = await(queue.submit(owned -> owned.onDelete(ifUnused, ifEmpty)));
        onDeleteQueues(List.of(queue));
        return dropped;
    }

    private @Nullable Void onDeleteQueues(Collection<QueueRef> doomed) {
        List<DefinitionChange> changes = new ArrayList<>();
        removeQueues(doomed, changes);
        commit(changes);
        return null;
    }

    private void removeQueues(Collection<QueueRef> doomed, List<DefinitionChange> changes) {
        List<CompletableFuture<Integer>> emptied = new ArrayList<>(doomed.size());
        for (QueueRef queue : doomed) {
            if (!queue.isDeleted()) {
                emptied.add(queue.submit(owned -> owned.onDelete(false, false)));
            }
        }
        emptied.forEach(VirtualHost::await);
        for (QueueRef queue : doomed) {
            removeIncoming(queue, changes);
            if (queues.remove(queue.name(), queue) && queue.isDurable()) {
                changes.add(new DefinitionChange.Delete(definition(queue)));
            }
        }
    }

    private void removeExchange(Exchange exchange, List<DefinitionChange> changes) {
        if (!exchanges.remove(exchange.name(), exchange)) {
            return;
        }
        for (Binding binding : exchange.bindings()) {
            removeBinding(binding, changes);
        }
        removeIncoming(exchange, changes);
        exchange.deleted();
        changes.add(new DefinitionChange.Delete(definition(exchange)));
    }

    private void removeIncoming(Destination destination, List<DefinitionChange> changes) {
        Set<Binding> bindings = incoming.remove(destination);
        if (bindings != null) {
            for (Binding binding : bindings) {
                removeFromSource(binding, changes);
            }
        }
    }

    private void removeBinding(Binding binding, List<DefinitionChange> changes) {
        Set<Binding> known = incoming.get(binding.destination());
        if (known == null || !known.remove(binding)) {
            return;
        }
        if (known.isEmpty()) {
            incoming.remove(binding.destination());
        }
        removeFromSource(binding, changes);
    }

    /** Removes a binding at its source, and the source too if it is auto-delete and that was its last. */
    private void removeFromSource(Binding binding, List<DefinitionChange> changes) {
        Exchange source = binding.source();
        source.unbind(binding);
        if (isDurable(binding)) {
            changes.add(new DefinitionChange.Delete(definition(binding)));
        }
        if (source.isAutoDelete() && !source.hasBindings()) {
            removeExchange(source, changes);
        }
    }

    private void commit(List<DefinitionChange> changes) {
        version.incrementAndGet();
        if (!changes.isEmpty()) {
            store.apply(changes);
        }
    }

    static boolean isDurable(Binding binding) {
        return binding.source().isDurable()
                && (binding.destination() instanceof QueueRef queue
                        ? queue.isDurable()
                        : binding.destination() instanceof Exchange exchange && exchange.isDurable());
    }

    Definition definition(Exchange exchange) {
        return new Definition.Exchange(
                name,
                exchange.name(),
                exchange.type().name(),
                exchange.isDurable(),
                exchange.isAutoDelete(),
                exchange.isInternal(),
                exchange.arguments());
    }

    Definition definition(QueueDeclaration wanted) {
        return new Definition.Queue(name, wanted.name(), wanted.autoDelete(), wanted.arguments());
    }

    private Definition definition(QueueRef queue) {
        return new Definition.Queue(name, queue.name(), queue.isAutoDelete(), queue.arguments());
    }

    Definition definition(Binding binding) {
        return new Definition.Binding(
                name,
                binding.source().name(),
                binding.destination().name(),
                binding.destination() instanceof QueueDestination,
                binding.routingKey(),
                binding.arguments());
    }

    AmqpError noExchange(String exchangeName) {
        return AmqpError.notFound("no exchange '" + exchangeName + "' in vhost '" + name + "'");
    }

    AmqpError noQueue(String queueName) {
        return AmqpError.notFound("no queue '" + queueName + "' in vhost '" + name + "'");
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
