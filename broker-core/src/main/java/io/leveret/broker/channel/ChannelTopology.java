package io.leveret.broker.channel;

import io.leveret.broker.auth.ResourceKind;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueArguments;
import io.leveret.broker.queue.QueueCounts;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.leveret.broker.vhost.QueueDeclaration;
import io.leveret.broker.vhost.VirtualHost;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Declaring, binding, purging and deleting through one channel: names as the client may write them, permissions, RabbitMQ's
 * order of checks. Owned by the channel's loop; futures complete there.
 */
public final class ChannelTopology {
    private static final String RESERVED = "amq.";

    private final ClientConnection connection;
    private final VirtualHost vhost;
    private @Nullable String lastDeclared;

    ChannelTopology(ClientConnection connection) {
        this.connection = connection;
        this.vhost = connection.vhost();
    }

    /** Declares an exchange, or checks one against the declaration. */
    public CompletableFuture<Exchange> declareExchange(ExchangeDeclaration request) {
        String name = strip(request.name());
        vhost.exchangeTypes().require(request.type());
        refuseDefaultExchange(name);
        connection.permissions().checkConfigure(ResourceKind.EXCHANGE, name);
        FieldValue alternate = request.arguments().get(Exchange.ALTERNATE_EXCHANGE);
        if (alternate != null && alternate.isLongString() && vhost.exchange(name) == null) {
            connection.permissions().checkRead(ResourceKind.EXCHANGE, name);
            connection.permissions().checkWrite(ResourceKind.EXCHANGE, alternate.asString());
        }
        return change(() -> vhost.declareExchange(new ExchangeDeclaration(
                name,
                request.type(),
                request.durable(),
                request.autoDelete(),
                request.internal(),
                request.arguments())));
    }

    /** Checks that an exchange is there. */
    public void declareExchangePassively(String exchange) {
        String name = strip(exchange);
        refuseDefaultExchange(name);
        connection.permissions().checkAny(ResourceKind.EXCHANGE, name);
        vhost.requireExchange(name);
    }

    public CompletableFuture<Void> deleteExchange(String exchange, boolean ifUnused) {
        String name = strip(exchange);
        refuseDefaultExchange(name);
        if (name.startsWith(RESERVED)) {
            throw AmqpError.accessRefused(
                    "deletion of system exchange '" + name + "' in vhost '" + vhost.name() + "' not allowed");
        }
        connection.permissions().checkConfigure(ResourceKind.EXCHANGE, name);
        return change(() -> vhost.deleteExchange(name, ifUnused));
    }

    /** Binds a queue; an empty queue name means the one declared last. */
    public CompletableFuture<Void> bindQueue(String queue, String exchange, String routingKey, FieldTable arguments) {
        BindingRequest request = queueBinding(queue, exchange, routingKey, arguments);
        return change(() -> vhost.bind(request));
    }

    public CompletableFuture<Void> unbindQueue(String queue, String exchange, String routingKey, FieldTable arguments) {
        BindingRequest request = queueBinding(queue, exchange, routingKey, arguments);
        return change(() -> vhost.unbind(request));
    }

    public CompletableFuture<Void> bindExchange(
            String destination, String source, String routingKey, FieldTable arguments) {
        BindingRequest request = exchangeBinding(destination, source, routingKey, arguments);
        return change(() -> vhost.bind(request));
    }

    public CompletableFuture<Void> unbindExchange(
            String destination, String source, String routingKey, FieldTable arguments) {
        BindingRequest request = exchangeBinding(destination, source, routingKey, arguments);
        return change(() -> vhost.unbind(request));
    }

    private BindingRequest queueBinding(String queue, String exchange, String routingKey, FieldTable arguments) {
        String name = strip(resolve(queue));
        String key = queue.isEmpty() && routingKey.isEmpty() ? name : routingKey;
        return binding(name, true, exchange, key, arguments);
    }

    private BindingRequest exchangeBinding(String destination, String source, String routingKey, FieldTable arguments) {
        return binding(strip(destination), false, source, routingKey, arguments);
    }

    private BindingRequest binding(
            String destination, boolean toQueue, String exchange, String routingKey, FieldTable arguments) {
        String source = strip(exchange);
        if (toQueue && ReplyAddresses.isReplyName(destination)) {
            throw AmqpError.accessRefused("cannot bind or unbind to a volatile (direct reply-to) queue");
        }
        connection.permissions().checkWrite(toQueue ? ResourceKind.QUEUE : ResourceKind.EXCHANGE, destination);
        if (!toQueue) {
            refuseDefaultExchange(destination);
        }
        refuseDefaultExchange(source);
        connection.permissions().checkRead(ResourceKind.EXCHANGE, source);
        Exchange from = vhost.exchange(source);
        if (from != null && from.type() == ExchangeTypes.TOPIC) {
            connection.permissions().checkTopicRead(source, routingKey);
        }
        return new BindingRequest(source, destination, toQueue, routingKey, arguments, connection.owner());
    }

    /** Declares a queue, or checks one against the declaration; an empty name makes the broker choose one. */
    public CompletableFuture<DeclareResult> declareQueue(
            String queue, boolean durable, boolean exclusive, boolean autoDelete, FieldTable arguments) {
        if (ReplyAddresses.isReplyName(queue)) {
            return CompletableFuture.completedFuture(declareReplyName(queue));
        }
        String asked = strip(queue);
        if (asked.startsWith(RESERVED)) {
            throw AmqpError.accessRefused("queue name '" + asked + "' contains reserved prefix '" + RESERVED + "*'");
        }
        String name = asked.isEmpty() ? VirtualHost.newQueueName() : asked;
        connection.permissions().checkConfigure(ResourceKind.QUEUE, name);
        if (vhost.queue(name) == null) {
            checkDeadLetterAccess(name, arguments);
        }
        return declareQueue(new QueueDeclaration(
                name, durable, exclusive, autoDelete, arguments, connection.owner(), connection.loop()));
    }

    private CompletableFuture<DeclareResult> declareQueue(QueueDeclaration declaration) {
        return change(() -> vhost.declareQueue(declaration)).thenCompose(declared -> {
            if (declared.isExclusive()) {
                connection.ownsExclusively(declared);
            }
            // one that was there may expire before it hears that somebody wants it
            return counts(declared)
                    .exceptionallyCompose(error ->
                            declared.isDeleted() ? declareQueue(declaration) : CompletableFuture.failedFuture(error));
        });
    }

    private void checkDeadLetterAccess(String name, FieldTable arguments) {
        FieldValue target = arguments.get(QueueArguments.X_DEAD_LETTER_EXCHANGE);
        if (target != null && target.isLongString()) {
            connection.permissions().checkRead(ResourceKind.QUEUE, name);
            connection.permissions().checkWrite(ResourceKind.EXCHANGE, target.asString());
        }
    }

    /** Checks that a queue is there and tells how full it is. */
    public CompletableFuture<DeclareResult> declareQueuePassively(String queue) {
        if (ReplyAddresses.isReplyName(queue)) {
            return CompletableFuture.completedFuture(declareReplyName(queue));
        }
        String name = strip(queue);
        connection.permissions().checkAny(ResourceKind.QUEUE, name);
        QueueRef found = vhost.requireQueue(name);
        found.checkAccess(connection.owner());
        return counts(found);
    }

    private DeclareResult declareReplyName(String name) {
        if (!name.equals(ReplyAddresses.PSEUDO_QUEUE)
                && !connection.replyAddresses().isOpen(name)) {
            throw AmqpError.notFound("no queue '" + name + "' in vhost '" + vhost.name() + "'");
        }
        lastDeclared = name;
        return new DeclareResult(name, 0, 1);
    }

    private CompletableFuture<DeclareResult> counts(QueueRef queue) {
        lastDeclared = queue.name();
        return connection.ask(queue, owned -> owned.onDeclared()).thenApply(counts -> result(queue, counts));
    }

    private static DeclareResult result(QueueRef queue, QueueCounts counts) {
        return new DeclareResult(queue.name(), counts.ready(), counts.consumers());
    }

    /** Drops what is ready in a queue and tells how many messages that were. */
    public CompletableFuture<Integer> purgeQueue(String queue) {
        String name = resolve(queue);
        connection.permissions().checkRead(ResourceKind.QUEUE, name);
        QueueRef found = vhost.requireQueue(name);
        found.checkAccess(connection.owner());
        return connection.ask(found, owned -> owned.onPurge());
    }

    /** Deletes a queue and tells how many ready messages it had; a missing one had none. */
    public CompletableFuture<Integer> deleteQueue(String queue, boolean ifUnused, boolean ifEmpty) {
        String name = strip(resolve(queue));
        connection.permissions().checkConfigure(ResourceKind.QUEUE, name);
        return change(() -> vhost.deleteQueue(name, ifUnused, ifEmpty, connection.owner()));
    }

    /**
     * The queue a request means.
     *
     * @throws AmqpError 404 for an empty name when none was declared on this channel
     */
    String resolve(String queue) {
        if (!queue.isEmpty()) {
            return queue;
        }
        if (lastDeclared == null) {
            throw AmqpError.notFound("no previously declared queue");
        }
        return lastDeclared;
    }

    private <T extends @Nullable Object> CompletableFuture<T> change(Supplier<CompletableFuture<T>> change) {
        return connection.topology(change);
    }

    private static void refuseDefaultExchange(String name) {
        if (name.isEmpty()) {
            throw AmqpError.accessRefused("operation not permitted on the default exchange");
        }
    }

    /** Without CR and LF, which RabbitMQ drops from the names of what is declared, bound and deleted. */
    private static String strip(String name) {
        return name.indexOf('\r') < 0 && name.indexOf('\n') < 0
                ? name
                : name.replace("\r", "").replace("\n", "");
    }
}
