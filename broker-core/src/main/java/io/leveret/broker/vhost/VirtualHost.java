package io.leveret.broker.vhost;

import io.leveret.broker.deadletter.DeadLetters;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.InternalPublisher;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.policy.Policies;
import io.leveret.broker.policy.Policy;
import io.leveret.broker.queue.QueueCounts;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.relay.Relay;
import io.leveret.broker.stats.QueueTotals;
import io.leveret.broker.stats.VirtualHostCounts;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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
    static final String TRACE = "amq.rabbitmq.trace";

    private final String name;
    private final ExchangeTypes types;
    private final TopologyWriter writer;
    private final Relay relay;
    private final Topology topology;
    private final VirtualHostCounts counts;
    private volatile boolean traced;

    /** A virtual host with the predeclared exchanges and nothing else. */
    public VirtualHost(String name, VirtualHostResources resources) {
        this(Definition.VirtualHost.named(name), resources);
    }

    /** The same with a description and what else is said of it. */
    public VirtualHost(Definition.VirtualHost metadata, VirtualHostResources resources) {
        this.name = metadata.name();
        this.types = resources.types();
        this.writer = resources.writer();
        List<? extends EventLoop> all = resources.loops().all();
        EventLoop home = all.get(Math.floorMod(name.hashCode(), all.size()));
        this.relay = new Relay(all, home, resources.memory(), resources.journal(), this::exchange);
        this.counts = new VirtualHostCounts(all.size());
        this.topology = new Topology(
                metadata,
                resources,
                new QueueServices(
                        this, new DeadLetters(all, relay, this::exchange), resources.memory(), resources.journal()),
                new ExchangeServices(types, all, relay, resources.memory(), resources.journal(), this::exchange));
    }

    public String name() {
        return name;
    }

    /** Its description, tags and default type of queues. */
    public Definition.VirtualHost metadata() {
        return topology.metadata();
    }

    /** Changes description, tags and default type of queues; what is declared already stays as it is. Writer only. */
    public void describe(Definition.VirtualHost changed) {
        topology.describe(changed);
    }

    /** Whether it was deleted: then nothing can be declared in it any more. */
    public boolean isDeleted() {
        return topology.isDeleted();
    }

    /** Its policies as they are now. */
    public Policies policies() {
        return topology.policies();
    }

    /** The exchange types that can be declared here. */
    public ExchangeTypes exchangeTypes() {
        return types;
    }

    /** Grows with every change that may alter where a message goes; any thread. */
    public long version() {
        return topology.version();
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

    /**
     * Before the broker stops: what died or fell due, and is in the journal, stays where it is until the next start. Completes
     * when what the broker itself has sent on here before is stored, and over where it came from. Any thread.
     */
    public CompletableFuture<Void> stopSendingOn() {
        return relay.stop();
    }

    /** The way of what the broker itself publishes here. */
    public InternalPublisher internalPublisher() {
        return relay;
    }

    public @Nullable Exchange exchange(String exchangeName) {
        return topology.exchange(exchangeName);
    }

    public @Nullable QueueRef queue(String queueName) {
        return topology.queue(queueName);
    }

    /**
     * The exchange of that name.
     *
     * @throws AmqpError 404
     */
    public Exchange requireExchange(String exchangeName) {
        return topology.requireExchange(exchangeName);
    }

    /**
     * The queue of that name.
     *
     * @throws AmqpError 404
     */
    public QueueRef requireQueue(String queueName) {
        return topology.requireQueue(queueName);
    }

    public Collection<Exchange> exchanges() {
        return List.copyOf(topology.exchanges());
    }

    public Collection<QueueRef> queues() {
        return List.copyOf(topology.queues());
    }

    /** How many exchanges there are, the default one included. */
    public int exchangeCount() {
        return topology.exchanges().size();
    }

    public int queueCount() {
        return topology.queues().size();
    }

    /** What has happened to messages here. */
    public VirtualHostCounts counts() {
        return counts;
    }

    /** How full its queues are together. Any thread; looks at each of them, and waits for nobody. */
    public QueueTotals queueTotals() {
        int queues = 0;
        long ready = 0;
        long unacked = 0;
        long consumers = 0;
        long readyBytes = 0;
        long unackedBytes = 0;
        for (QueueRef queue : topology.queues()) {
            QueueCounts one = queue.glance();
            queues++;
            ready += one.ready();
            unacked += one.unacked();
            consumers += one.consumers();
            readyBytes += one.readyBytes();
            unackedBytes += one.unackedBytes();
        }
        return new QueueTotals(queues, ready, unacked, consumers, readyBytes, unackedBytes);
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
        return change(() -> topology.onDeclareExchange(declaration));
    }

    /** Deletes an exchange with its bindings; one that is missing is fine. */
    public CompletableFuture<Void> deleteExchange(String exchangeName, boolean ifUnused) {
        return change(() -> topology.onDeleteExchange(exchangeName, ifUnused));
    }

    /** Binds; a binding that is there already is fine. */
    public CompletableFuture<Void> bind(BindingRequest request) {
        return change(() -> topology.onBind(request));
    }

    /** Unbinds; anything that is missing is fine. */
    public CompletableFuture<Void> unbind(BindingRequest request) {
        return change(() -> topology.onUnbind(request));
    }

    /** Declares a queue, or checks that it is as declared. */
    public CompletableFuture<QueueRef> declareQueue(QueueDeclaration declaration) {
        return change(() -> topology.onDeclareQueue(declaration));
    }

    /**
     * Deletes a queue with its bindings; one that is missing is fine.
     *
     * @return how many ready messages it had
     */
    public CompletableFuture<Integer> deleteQueue(
            String queueName, boolean ifUnused, boolean ifEmpty, @Nullable Object connection) {
        return change(() -> topology.onDeleteQueue(queueName, ifUnused, ifEmpty, connection));
    }

    /** Deletes a queue that has closed itself, such as an auto-delete queue that lost its last consumer. */
    public CompletableFuture<Void> deleteClosed(QueueRef queue) {
        return writer.submit(() -> {
            topology.onDeleteClosed(queue);
            return null;
        });
    }

    /**
     * Deletes queues whatever state they are in, such as those of a connection that ended. If that can't be stored, those go
     * nevertheless of which nothing is stored.
     */
    public CompletableFuture<Void> deleteQueues(Collection<QueueRef> doomed) {
        List<QueueRef> all = List.copyOf(doomed);
        return writer.submit(() -> topology.onDeleteQueues(all));
    }

    private <T extends @Nullable Object> CompletableFuture<T> change(Supplier<T> request) {
        return writer.submit(() -> {
            if (topology.isDeleted()) {
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
        return new TopologyImport(topology, planned);
    }

    /** Puts back what was stored, before anybody uses this virtual host. */
    public CompletableFuture<Void> restore(List<Definition> definitions) {
        return writer.submit(() -> topology.onRestore(definitions));
    }

    /**
     * Puts policies in the place of those with the same names, all at once: stores them, then puts every queue and exchange
     * they match under them. Writer only.
     *
     * @return completes when the queues go by them
     */
    public CompletableFuture<Void> onPutPolicies(List<Policy> added) {
        return topology.onPutPolicies(added);
    }

    /**
     * Takes a policy, or an operator policy, away, and undoes what it did. Writer only.
     *
     * @return completes when no queue goes by it any more
     * @throws NoSuchDefinitionException if there is none of that name
     */
    public CompletableFuture<Void> onClearPolicy(String policyName, boolean operator) {
        return topology.onClearPolicy(policyName, operator);
    }

    /** All that there is in this virtual host, to be removed when the store knows; nothing is changed yet. Writer only. */
    public TopologyRemoval everything() {
        return topology.everything();
    }

    /** Refuses to declare anything from now on. Writer only. */
    public void onDeleted() {
        topology.onDeleted();
    }
}
