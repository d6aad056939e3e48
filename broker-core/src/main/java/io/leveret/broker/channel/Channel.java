package io.leveret.broker.channel;

import io.leveret.broker.auth.ResourceKind;
import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.AmqpErrors;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.exchange.MessageKeeper;
import io.leveret.broker.exchange.PseudoQueue;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.ConsumerArguments;
import io.leveret.broker.queue.GetResult;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageCounts;
import io.leveret.broker.stats.MessageEvent;
import io.leveret.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A channel without its wire format: consumers, deliveries outstanding, prefetch, confirms, transactions.
 *
 * <p>Owned by its connection's loop, and every future it returns completes there. A violation of the protocol is thrown, or
 * completes the future, as {@link AmqpError}; nothing has changed then. The caller takes no further request on the
 * connection while a future is open, which keeps requests in order.
 */
public final class Channel implements EnqueueListener {
    private static final long IN_TRANSACTION = -1;

    private final ClientConnection connection;
    private final ChannelOutput output;
    private final Publisher publisher;
    private final ChannelTopology topology;
    private final Map<String, ChannelConsumer> consumers = new LinkedHashMap<>();
    private final Unacked unacked = new Unacked();
    private final Settlements settlements;
    private final Prefetch prefetch;
    private final Firehose firehose;
    private final MessageCounts counts;
    private final @Nullable DeliveryAge deliveryAge;
    private long lastDeliveryTag;
    private @Nullable Confirms confirms;
    private @Nullable Transaction transaction;
    private ReplyAddresses.@Nullable ReplyAddress replyAddress;
    /** By loop; null before the first publish that a queue of another loop may have to store. */
    private @Nullable RemoteConfirms @Nullable [] remoteConfirms;

    private boolean answersQueued;
    private boolean closed;
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

    Channel(ClientConnection connection, ChannelOutput output) {
        this.connection = connection;
        this.output = output;
        this.counts = connection.counts();
        this.settlements = new Settlements(connection);
        this.publisher = new Publisher(this);
        this.topology = new ChannelTopology(connection);
        this.prefetch = new Prefetch(connection, consumers.values(), unacked);
        this.firehose = new Firehose(connection, output.number());
        long timeoutMillis = connection.settings().consumerTimeoutMillis();
        this.deliveryAge = timeoutMillis > 0 ? new DeliveryAge(timeoutMillis) : null;
    }

    ClientConnection connection() {
        return connection;
    }

    /** Declaring, binding and deleting. */
    public ChannelTopology topology() {
        return topology;
    }

    // ---- publishing

    /**
     * Publishes a message.
     *
     * @param data exchange, routing key, properties and body as {@link Message} wants them; given away
     * @param mandatory whether to return it if no queue gets it
     */
    public void publish(byte[] data, int propertiesOffset, int bodyOffset, boolean mandatory) {
        publisher.publish(data, propertiesOffset, bodyOffset, mandatory);
    }

    /** Sends a message that was checked and routed on its way, or keeps it for the commit. */
    void dispatch(Message message, QueueDestination[] queues, boolean mandatory) {
        firehose.published(message, queues);
        if (transaction != null) {
            transaction.add(new Transaction.Publish(message, queues, mandatory));
            return;
        }
        counts.add(MessageEvent.PUBLISHED);
        giveBackIfUnroutable(message, queues, mandatory);
        if (confirms == null) {
            for (QueueDestination queue : queues) {
                send(queue, message, null, 0);
            }
            return;
        }
        long tag = confirms.published(queues.length);
        for (QueueDestination queue : queues) {
            send(queue, message, this, tag);
        }
        queueAnswers(confirms);
    }

    private void giveBackIfUnroutable(Message message, QueueDestination[] queues, boolean mandatory) {
        if (mandatory) {
            if (MessageKeeper.isAllThereIs(queues)) {
                output.returned(message);
                counts.add(MessageEvent.RETURNED);
            }
        } else if (queues.length == 0) {
            counts.add(MessageEvent.DROPPED);
        }
    }

    private void send(QueueDestination destination, Message message, @Nullable Channel asking, long tag) {
        if (destination instanceof QueueRef queue) {
            connection.enqueue(queue, message, asking, tag);
            return;
        }
        if (destination instanceof MessageKeeper keeper) {
            EnqueueListener listener = asking == null ? null : asking.listenerOn(keeper.loop());
            if (keeper.keep(message, listener, tag)) {
                return;
            }
        } else if (destination instanceof PseudoQueue pseudo) {
            pseudo.accept(message);
        }
        if (asking != null) {
            asking.onPublishResult(tag, true);
        }
    }

    EnqueueListener listenerOn(EventLoop loop) {
        return loop == connection.loop() ? this : confirmsOf(loop);
    }

    /** Where the queues of another loop say what became of a publish. */
    RemoteConfirms confirmsOf(EventLoop loop) {
        @Nullable RemoteConfirms[] all = remoteConfirms;
        if (all == null) {
            all = new RemoteConfirms[connection.loopCount()];
            remoteConfirms = all;
        }
        RemoteConfirms known = all[loop.index()];
        if (known == null) {
            known = new RemoteConfirms(this, loop, connection.loop());
            all[loop.index()] = known;
        }
        return known;
    }

    /** Takes what a queue did not know at once. */
    @Override
    public void onEnqueued(long tag, boolean accepted) {
        if (tag == IN_TRANSACTION && !accepted && transaction != null) {
            transaction.markUnstored();
        }
        onPublishResult(tag, accepted);
    }

    /** Takes the result of one queue for one publish. */
    void onPublishResult(long tag, boolean accepted) {
        if (closed) {
            return;
        }
        if (tag == IN_TRANSACTION) {
            if (transaction != null) {
                transaction.onResult(accepted);
            }
        } else if (confirms != null) {
            confirms.settled(tag, accepted);
            queueAnswers(confirms);
        }
    }

    private void queueAnswers(Confirms pending) {
        if (!answersQueued && pending.hasAnswers()) {
            answersQueued = true;
            connection.hasAnswers(this);
            connection.flushSoon();
        }
    }

    /** Sends the confirms that are due. */
    void flushAnswers() {
        answersQueued = false;
        if (confirms != null && !closed) {
            counts.add(MessageEvent.CONFIRMED, confirms.flush(output));
        }
    }

    /** Turns publisher confirms on; idempotent. */
    public void confirmSelect() {
        if (transaction != null) {
            throw AmqpError.preconditionFailed("cannot switch from tx to confirm mode");
        }
        if (confirms == null) {
            confirms = new Confirms();
        }
    }

    // ---- transactions

    /** Turns transactions on; idempotent. */
    public void txSelect() {
        if (confirms != null) {
            throw AmqpError.preconditionFailed("cannot switch from confirm to tx mode");
        }
        if (transaction == null) {
            transaction = new Transaction(connection.held());
        }
    }

    /**
     * Carries out what the transaction holds; completes when every queue has answered, which is when all that has to be is on
     * disk. Its deliveries are settled only then, so that a crash in between loses neither them nor what was published for
     * them. If something could not be stored, they stay outstanding.
     */
    public CompletableFuture<Void> txCommit() {
        Transaction committed = requireTransaction();
        int results = 0;
        List<Transaction.Publish> publishes = committed.takePublishes();
        for (Transaction.Publish publish : publishes) {
            results += publish.queues().length;
        }
        counts.add(MessageEvent.PUBLISHED, publishes.size());
        CompletableFuture<Boolean> accepted = committed.awaitResults(results);
        for (Transaction.Publish publish : publishes) {
            giveBackIfUnroutable(publish.message(), publish.queues(), publish.mandatory());
            for (QueueDestination queue : publish.queues()) {
                send(queue, publish.message(), this, IN_TRANSACTION);
            }
        }
        connection.flushCommands();
        return accepted.thenAccept(all -> {
            if (committed.isUnstored()) {
                unacked.restore(committed.unsettle());
            } else {
                settlePutOff(committed);
            }
            if (!all) {
                throw AmqpError.preconditionFailed("partial tx completion");
            }
        });
    }

    private void settlePutOff(Transaction committed) {
        List<Transaction.Settlement> putOff = List.copyOf(committed.settlements);
        committed.settlements.clear();
        for (Transaction.Settlement settled : putOff) {
            settlements
                    .visitor(settled.outcome())
                    .settle(settled.tag(), settled.queue(), settled.consumer(), settled.message(), settled.position());
        }
        endRuns();
        connection.flushCommands();
    }

    /** Drops the transaction's publishes and makes its settled deliveries outstanding again. */
    public void txRollback() {
        Transaction rolledBack = requireTransaction();
        rolledBack.takePublishes();
        unacked.restore(rolledBack.unsettle());
    }

    private Transaction requireTransaction() {
        if (transaction == null) {
            throw AmqpError.preconditionFailed("channel is not transactional");
        }
        return transaction;
    }

    // ---- consuming

    /**
     * Limits how much may be outstanding.
     *
     * @param global whether the limit is the whole channel's rather than that of each consumer to come
     */
    public void qos(long prefetchSize, int prefetchCount, boolean global) {
        prefetch.limit(prefetchSize, prefetchCount, global);
    }

    /** What limits its consumers. */
    Prefetch prefetch() {
        return prefetch;
    }

    /**
     * Registers a consumer, which gets nothing before {@link #start}.
     *
     * @return the consumer's tag
     */
    public CompletableFuture<String> consume(ConsumeRequest request) {
        String tag = request.consumerTag();
        if (consumers.containsKey(tag)) {
            throw AmqpError.notAllowed("attempt to reuse consumer tag '" + tag + "'");
        }
        int most = connection.settings().maxConsumers();
        if (most > 0 && consumers.size() >= most) {
            throw AmqpError.notAllowed("reached maximum (" + most + ") of consumers per channel");
        }
        if (tag.isEmpty()) {
            tag = "amq.ctag-" + VirtualHost.randomToken();
        }
        if (request.queue().equals(ReplyAddresses.PSEUDO_QUEUE)) {
            return CompletableFuture.completedFuture(consumeReplies(tag, request.noAck()));
        }
        String name = topology.resolve(request.queue());
        connection.permissions().checkRead(ResourceKind.QUEUE, name);
        QueueRef queue = connection.vhost().requireQueue(name);
        queue.checkAccess(connection.owner());
        ConsumerArguments arguments = ConsumerArguments.parse(queue.vhost(), name, request.arguments());
        ChannelConsumer consumer = new ChannelConsumer(
                this,
                queue,
                tag,
                request.noAck(),
                request.exclusive(),
                arguments.priority(),
                prefetch.ofNextConsumer(),
                prefetch.window());
        Consumer registered = consumer.registered();
        String chosen = tag;
        consumers.put(chosen, consumer);
        Runnable begin = () -> queue.owned().onCredit(registered, ChannelConsumer.CREDIT);
        return connection
                .ask(queue, owned -> register(owned, registered), begin)
                .handle((done, error) -> {
                    if (error != null) {
                        consumers.remove(chosen, consumer);
                        throw AmqpErrors.unwrap(error);
                    }
                    return chosen;
                });
    }

    private static boolean register(ClassicQueue queue, Consumer consumer) {
        queue.onConsume(consumer);
        return true;
    }

    private String consumeReplies(String tag, boolean noAck) {
        if (replyAddress != null) {
            throw AmqpError.preconditionFailed("reply consumer already set");
        }
        if (!noAck) {
            throw AmqpError.preconditionFailed("reply consumer cannot acknowledge");
        }
        ChannelConsumer consumer = new ChannelConsumer(this, null, tag, true, false, 0, 0, null);
        consumers.put(tag, consumer);
        replyAddress = connection.replyAddresses().open(consumer);
        return tag;
    }

    /** The name replies to this channel are sent to; null when nobody here waits for replies. */
    @Nullable String replyName() {
        return replyAddress == null ? null : replyAddress.name();
    }

    /** Lets a consumer's deliveries begin. */
    public void start(String consumerTag) {
        ChannelConsumer consumer = consumers.get(consumerTag);
        if (consumer != null) {
            consumer.start();
        }
    }

    /** Ends a consumer; completes when nothing more will come for it. An unknown tag is fine. */
    public CompletableFuture<Void> cancel(String consumerTag) {
        ChannelConsumer consumer = consumers.remove(consumerTag);
        return consumer == null
                ? CompletableFuture.completedFuture(null)
                : end(consumer).thenRun(() -> release(consumer));
    }

    /** Lets the next single active consumer follow one that has ended: when all that goes back is on its way. */
    private void release(ChannelConsumer ended) {
        QueueRef queue = ended.queue();
        if (queue != null && queue.isSingleActiveConsumer()) {
            Consumer registered = ended.registered();
            connection.tell(queue, owned -> owned.onReleased(registered));
        }
    }

    private CompletableFuture<Void> end(ChannelConsumer consumer) {
        QueueRef queue = consumer.queue();
        if (queue == null) {
            dropReplyAddress();
            consumer.close();
            return CompletableFuture.completedFuture(null);
        }
        Consumer registered = consumer.registered();
        return connection.ask(queue, owned -> owned.onCancel(registered)).thenCompose(lastOfAutoDelete -> {
            consumer.close();
            return lastOfAutoDelete
                    ? connection.topology(() -> connection.vhost().deleteClosed(queue))
                    : CompletableFuture.completedFuture(null);
        });
    }

    private void dropReplyAddress() {
        if (replyAddress != null) {
            connection.replyAddresses().close(replyAddress);
            replyAddress = null;
        }
    }

    void onConsumerCancelled(ChannelConsumer consumer) {
        if (consumers.remove(consumer.tag(), consumer)) {
            consumer.close();
            output.consumerCancelled(consumer.tag());
            connection.flushSoon();
        }
    }

    /** Writes a delivery and remembers it if it has to be acknowledged. */
    void write(ChannelConsumer consumer, byte[] tagBytes, Message message, long position) {
        long tag = ++lastDeliveryTag;
        QueueRef queue = consumer.queue();
        if (queue != null && !consumer.isNoAck()) {
            unacked.add(tag, queue, consumer.consumer(), message, position);
        }
        output.deliver(tagBytes, tag, Position.isRedelivered(position), message);
        countDelivery(consumer.isNoAck() ? MessageEvent.DELIVERED_NO_ACK : MessageEvent.DELIVERED, position);
        firehose.delivered(queue, message, position);
    }

    private void countDelivery(MessageEvent how, long position) {
        counts.add(how);
        if (Position.isRedelivered(position)) {
            counts.add(MessageEvent.REDELIVERED);
        }
    }

    /** Fetches one message; completes with null when none is ready. */
    public CompletableFuture<@Nullable Fetched> get(String queueName, boolean noAck) {
        String name = topology.resolve(queueName);
        connection.permissions().checkRead(ResourceKind.QUEUE, name);
        QueueRef queue = connection.vhost().requireQueue(name);
        queue.checkAccess(connection.owner());
        return connection
                .askAndWait(queue, owned -> owned.onFetch(noAck))
                .thenApply(got -> got == null ? fetchedNothing() : fetched(got, queue, noAck));
    }

    private @Nullable Fetched fetchedNothing() {
        counts.add(MessageEvent.FETCHED_NOTHING);
        return null;
    }

    private Fetched fetched(GetResult got, QueueRef queue, boolean noAck) {
        if (closed) {
            connection.requeue(queue, null, got.message(), got.position(), !noAck);
            connection.requeued(queue);
            connection.flushSoon();
            throw AmqpError.of(ReplyCode.CHANNEL_ERROR, "channel was closed while a message was fetched for it");
        }
        long tag = ++lastDeliveryTag;
        if (!noAck) {
            unacked.add(tag, queue, null, got.message(), got.position());
        }
        firehose.delivered(queue, got.message(), got.position());
        countDelivery(noAck ? MessageEvent.FETCHED_NO_ACK : MessageEvent.FETCHED, got.position());
        return new Fetched(tag, Position.isRedelivered(got.position()), got.message(), got.remaining());
    }

    // ---- acknowledging

    /** Settles deliveries: all up to the tag with multiple, and tag 0 then means all there are. */
    public void ack(long deliveryTag, boolean multiple) {
        settle(deliveryTag, multiple, Transaction.Outcome.SETTLED);
    }

    /** Rejects deliveries: back to their queue, or for good. */
    public void nack(long deliveryTag, boolean multiple, boolean requeue) {
        settle(deliveryTag, multiple, requeue ? Transaction.Outcome.REQUEUED : Transaction.Outcome.REJECTED);
    }

    private void settle(long deliveryTag, boolean multiple, Transaction.Outcome outcome) {
        Unacked.Visitor visitor = visitor(outcome);
        boolean known;
        if (!multiple) {
            known = unacked.settle(deliveryTag, visitor);
        } else if (deliveryTag == 0) {
            unacked.settleAll(visitor);
            known = true;
        } else {
            known = unacked.settleUpTo(deliveryTag, visitor);
        }
        endRuns();
        if (!known) {
            throw AmqpError.preconditionFailed("unknown delivery tag " + Long.toUnsignedString(deliveryTag));
        }
    }

    private Unacked.Visitor visitor(Transaction.Outcome outcome) {
        Transaction current = transaction;
        if (current != null) {
            return (tag, queue, consumer, message, position) -> current.settlements.add(
                    new Transaction.Settlement(tag, queue, consumer, message, position, outcome));
        }
        return settlements.visitor(outcome);
    }

    private void endRuns() {
        int windowed = settlements.end();
        if (windowed > 0) {
            prefetch.release(windowed);
        }
    }

    /** Puts every outstanding delivery back; those settled in an open transaction are not among them. */
    public void recover(boolean requeue) {
        if (!requeue) {
            throw AmqpError.notImplemented("requeue=false");
        }
        unacked.settleAll(settlements.requeue);
        endRuns();
    }

    /** Fails the channel when its client has had a delivery for too long; at the intervals of {@link DeliveryAge}. */
    void checkDeliveryAge() {
        if (deliveryAge != null && deliveryAge.isExceeded(unacked.firstTag(), lastDeliveryTag)) {
            output.failed(AmqpError.preconditionFailed("delivery acknowledgement on channel " + output.number()
                            + " timed out. Timeout value used: "
                            + connection.settings().consumerTimeoutMillis()
                            + " ms. This timeout value can be configured, see consumers doc guide to learn more")
                    .causedBy(AmqpError.NO_METHOD));
        }
    }

    // ---- ending

    /** Whether it has ended; what queues still hand to it goes back. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Ends the channel: its consumers, then what it has outstanding goes back. Completes when nothing more is on its way to
     * it and auto-delete queues that lost their last consumer are gone.
     */
    public CompletableFuture<Void> close() {
        if (closed) {
            return ended;
        }
        flushAnswers();
        closed = true;
        connection.forget(this);
        List<ChannelConsumer> last = List.copyOf(consumers.values());
        List<CompletableFuture<Void>> ending = new ArrayList<>(last.size());
        for (ChannelConsumer consumer : last) {
            ending.add(end(consumer));
        }
        consumers.clear();
        if (transaction != null) {
            unacked.restore(transaction.unsettle());
            transaction.takePublishes();
        }
        unacked.settleAll(settlements.requeue);
        endRuns();
        for (int i = 0; i < last.size(); i++) {
            ChannelConsumer consumer = last.get(i);
            ending.set(i, ending.get(i).thenRun(() -> release(consumer)));
        }
        connection.flushCommands();
        ended = CompletableFuture.allOf(ending.toArray(CompletableFuture[]::new));
        if (transaction != null) {
            transaction.abandon();
        }
        return ended;
    }
}
