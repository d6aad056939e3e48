package io.leveret.broker.channel;

import io.leveret.broker.auth.PermissionChecker;
import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Router;
import io.leveret.broker.exchange.Routes;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.limit.UnderWay;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.PropertyScanner;
import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.PublishResult;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageCounts;
import io.leveret.broker.vhost.VirtualHost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The protocol-neutral part of an open connection: who it is, and its ways to the queues of every loop.
 *
 * <p>Owned by one event loop; only {@link #handOver} is called by others. Commands for queues of other loops gather in one
 * batch a loop and leave at {@link #endTurn}, before any request that expects an answer, or when a batch is full. A queue of
 * the own loop is called at once.
 */
public final class ClientConnection {
    /** Publishes on their way to other loops, in bytes, from which on nothing more is read; resumed at half. */
    private static final long MAX_BYTES_UNDER_WAY = 16L << 20;

    /** The same while all connections of the loop have much under way together. */
    private static final long MAX_BYTES_UNDER_WAY_IF_MUCH = 64L << 10;

    private static final int PRUNE_EXCLUSIVE_AT = 64;

    /** Stands for this connection in the queues it owns, without keeping it alive. */
    private final Object owner = new Object();

    private final EventLoop loop;
    private final VirtualHost vhost;
    private final User user;
    private final Users users;
    private final PermissionChecker permissions;
    private final ReplyAddresses replyAddresses;
    private final ChannelSettings settings;
    private final OpenConnections.Place place;
    private final UnderWay underWay;
    private final MessageCounts counts;
    private final ConnectionOutput output;
    private final Router router;
    private final Routes routes = new Routes();
    private final RouteCache routeCache = new RouteCache();
    private final PropertyScanner propertyScanner = new PropertyScanner();
    private final @Nullable CommandBatch[] commands;
    private final @Nullable CommandBatch[] spare;
    /** Slot i is touched by loop i alone. */
    private final AtomicReferenceArray<@Nullable DeliveryBatch> deliveries;

    private final EventLoop[] loops;
    private final Set<Channel> channels = new LinkedHashSet<>();
    private final Set<QueueRef> exclusiveQueues = new LinkedHashSet<>();
    private final ArrayDeque<ChannelConsumer> heldBack = new ArrayDeque<>();
    private final List<Channel> withAnswers = new ArrayList<>();
    private int pruneExclusiveAt = PRUNE_EXCLUSIVE_AT;
    private long bytesUnderWay;
    private EventLoop.@Nullable Timeout deliveryAgeCheck;
    private boolean suspended;
    private boolean waitsForOwnJournal;
    /** For how many reliefs it waits, see {@link LoopJournal#onRelief}. */
    private int congestions;

    private boolean closed;

    /**
     * @param loops all loops of the broker, by index
     * @param underWay of its loop
     * @param place left when the connection closes
     */
    public ClientConnection(
            EventLoop loop,
            List<? extends EventLoop> loops,
            VirtualHost vhost,
            User user,
            Users users,
            ReplyAddresses replyAddresses,
            ChannelSettings settings,
            UnderWay underWay,
            OpenConnections.Place place,
            ConnectionOutput output) {
        this.loop = loop;
        this.loops = loops.toArray(EventLoop[]::new);
        this.vhost = vhost;
        this.counts = vhost.counts().of(loop);
        this.user = user;
        this.users = users;
        this.permissions = new PermissionChecker(users, user, vhost.name());
        this.replyAddresses = replyAddresses;
        this.settings = settings;
        this.place = place;
        this.underWay = underWay;
        this.output = output;
        this.router = new Router(vhost::exchange);
        this.commands = new CommandBatch[loops.size()];
        this.spare = new CommandBatch[loops.size()];
        this.deliveries = new AtomicReferenceArray<>(loops.size());
        checkDeliveryAgesLater();
    }

    private void checkDeliveryAgesLater() {
        long timeoutMillis = settings.consumerTimeoutMillis();
        if (timeoutMillis > 0) {
            deliveryAgeCheck = loop.schedule(this::checkDeliveryAges, DeliveryAge.intervalMillis(timeoutMillis));
        }
    }

    private void checkDeliveryAges() {
        for (Channel channel : List.copyOf(channels)) {
            channel.checkDeliveryAge();
        }
        if (!closed) {
            checkDeliveryAgesLater();
        }
    }

    int loopCount() {
        return loops.length;
    }

    Object owner() {
        return owner;
    }

    public EventLoop loop() {
        return loop;
    }

    public VirtualHost vhost() {
        return vhost;
    }

    public User user() {
        return user;
    }

    ConnectionOutput output() {
        return output;
    }

    PermissionChecker permissions() {
        return permissions;
    }

    long accessVersion() {
        return users.version();
    }

    ReplyAddresses replyAddresses() {
        return replyAddresses;
    }

    /** Where messages count as memory in use that are in no queue; for use on this loop. */
    public HeldBytes held() {
        return underWay.held();
    }

    /** Where this loop counts the messages of the virtual host. */
    MessageCounts counts() {
        return counts;
    }

    ChannelSettings settings() {
        return settings;
    }

    Router router() {
        return router;
    }

    Routes routes() {
        return routes;
    }

    RouteCache routeCache() {
        return routeCache;
    }

    PropertyScanner propertyScanner() {
        return propertyScanner;
    }

    /** Has the connection closed by the broker, and the client told why; any thread. */
    public void forceClose(AmqpError error) {
        output.forceClose(error);
    }

    /**
     * Opens a channel.
     *
     * @throws AmqpError 530 when the user or the node has as many as there may be
     */
    public Channel openChannel(ChannelOutput channelOutput) {
        place.openChannel();
        Channel channel = new Channel(this, channelOutput);
        channels.add(channel);
        return channel;
    }

    void forget(Channel channel) {
        if (channels.remove(channel)) {
            place.closeChannel();
        }
    }

    /** Takes note of a queue that ends with this connection; one that was declared while it ended goes at once. */
    void ownsExclusively(QueueRef queue) {
        if (closed) {
            vhost.deleteQueues(List.of(queue));
            return;
        }
        if (exclusiveQueues.size() >= pruneExclusiveAt) {
            exclusiveQueues.removeIf(QueueRef::isGone);
            pruneExclusiveAt = Math.max(PRUNE_EXCLUSIVE_AT, exclusiveQueues.size() * 2);
        }
        exclusiveQueues.add(queue);
    }

    /**
     * Ends the connection: closes its channels, then deletes its exclusive queues. Completes on this loop when auto-delete
     * and exclusive queues are gone. {@link #endTurn} need not be called any more: what other loops still hand to the
     * connection goes back to its queues without it.
     */
    public CompletableFuture<Void> close() {
        closed = true;
        place.leave();
        if (deliveryAgeCheck != null) {
            deliveryAgeCheck.cancel();
        }
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (Channel channel : List.copyOf(channels)) {
            closing.add(channel.close());
        }
        flushCommands();
        if (!exclusiveQueues.isEmpty()) {
            List<QueueRef> doomed = List.copyOf(exclusiveQueues);
            exclusiveQueues.clear();
            closing.add(topology(() -> vhost.deleteQueues(doomed)));
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }

    /** Completes on this loop when every queue has dealt with what this connection has sent so far and has answered. */
    public CompletableFuture<Void> settled() {
        flushCommands();
        CompletableFuture<?>[] rounds = new CompletableFuture<?>[loops.length];
        for (EventLoop other : loops) {
            CompletableFuture<@Nullable Void> round = new CompletableFuture<>();
            rounds[other.index()] = round;
            other.execute(() -> loop.execute(() -> round.complete(null)));
        }
        return CompletableFuture.allOf(rounds);
    }

    /** Hands a message to a queue; the result goes to {@link Channel#onPublishResult} if a channel is given. */
    void enqueue(QueueRef queue, Message message, @Nullable Channel channel, long tag) {
        if (queue.loop() == loop) {
            PublishResult result = queue.owned().onEnqueue(message, channel, tag);
            LoopJournal journal = queue.owned().journal();
            if (journal != null && journal.isCongested()) {
                waitForOwnJournal(journal, result);
            }
            if (result != PublishResult.PENDING && channel != null) {
                channel.onPublishResult(tag, result == PublishResult.ACCEPTED);
            }
            return;
        }
        CommandBatch batch = commands(queue.loop());
        long before = batch.bytes();
        if (channel != null && queue.keeps(message)) {
            batch.enqueueForGood(queue, message, channel.confirmsOf(queue.loop()), tag);
        } else {
            batch.enqueue(queue, message, channel, tag);
        }
        long added = batch.bytes() - before;
        bytesUnderWay += added;
        underWay.add(added);
        if (isTooMuchUnderWay()) {
            suspend();
        }
    }

    private void suspend() {
        if (!suspended) {
            suspended = true;
            output.suspendReading();
        }
    }

    private void resumeIfNothingIsInTheWay() {
        if (suspended && congestions == 0 && isLittleUnderWay()) {
            suspended = false;
            output.resumeReading();
        }
    }

    /** Reads no more publishes while the disk does not keep up with the queues of the own loop. */
    private void waitForOwnJournal(LoopJournal journal, PublishResult result) {
        if (!waitsForOwnJournal && journal.holdsUp(result == PublishResult.PENDING)) {
            waitsForOwnJournal = true;
            onCongestion();
            journal.onRelief(() -> loop.execute(() -> {
                waitsForOwnJournal = false;
                onRelief();
            }));
        }
    }

    /** A journal that publishes of this connection go to has more to do than it should. */
    void onCongestion() {
        congestions++;
        suspend();
    }

    /** Comes once for each {@link #onCongestion}. */
    void onRelief() {
        congestions--;
        resumeIfNothingIsInTheWay();
    }

    /** A delivery that the journal has is settled; to be counted by {@link #settle} as well. */
    void acknowledge(QueueRef queue, long place) {
        if (queue.loop() == loop) {
            queue.owned().onAcknowledged(place);
        } else {
            commands(queue.loop()).acknowledge(queue, place);
        }
    }

    void settle(QueueRef queue, @Nullable Consumer consumer, int count, long bodyBytes, long memoryBytes) {
        if (queue.loop() == loop) {
            queue.owned().onSettled(consumer, count, bodyBytes, memoryBytes);
        } else {
            commands(queue.loop()).settle(queue, consumer, count, bodyBytes, memoryBytes);
        }
    }

    void reject(QueueRef queue, @Nullable Consumer consumer, Message message) {
        if (queue.loop() == loop) {
            queue.owned().onRejected(consumer, message);
        } else {
            commands(queue.loop()).reject(queue, consumer, message);
        }
    }

    void requeue(QueueRef queue, @Nullable Consumer consumer, Message message, long position, boolean wasUnacked) {
        if (queue.loop() == loop) {
            queue.owned().onRequeue(consumer, message, position, wasUnacked);
        } else {
            commands(queue.loop()).requeue(queue, consumer, message, position, wasUnacked);
        }
    }

    /** Ends a run of {@link #requeue} for a queue; to be followed by {@link #flushSoon}. */
    void requeued(QueueRef queue) {
        if (queue.loop() == loop) {
            queue.owned().onRequeued();
        } else {
            commands(queue.loop()).requeued(queue);
        }
    }

    /**
     * Asks a queue something. Completes on this loop: at once if the queue lives here, otherwise later and after
     * everything the queue has handed to this connection before.
     */
    <T extends @Nullable Object> CompletableFuture<T> ask(QueueRef queue, Function<ClassicQueue, T> question) {
        return ask(queue, question, () -> {});
    }

    /**
     * Asks a queue something.
     *
     * @param behind run on the loop of a queue of another loop when it has answered: what it makes the queue hand out comes
     *     right after the answer. Not run when the question failed.
     */
    <T extends @Nullable Object> CompletableFuture<T> ask(
            QueueRef queue, Function<ClassicQueue, T> question, Runnable behind) {
        if (queue.loop() == loop) {
            return queue.submit(question);
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        commands(queue.loop()).call(() -> {
            CompletableFuture<T> result = queue.submit(question);
            flushDeliveries(queue.loop());
            loop.execute(() -> relay(result, answer));
            if (!result.isCompletedExceptionally()) {
                behind.run();
            }
        });
        flushCommands();
        return answer;
    }

    /**
     * Asks a queue something that it may answer later. Completes on this loop, after everything the queue has handed to this
     * connection before it answered.
     */
    <T extends @Nullable Object> CompletableFuture<T> askAndWait(
            QueueRef queue, Function<ClassicQueue, CompletableFuture<T>> question) {
        if (queue.loop() == loop) {
            return queue.submit(question).thenCompose(Function.identity());
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        commands(queue.loop()).call(() -> {
            CompletableFuture<T> result = queue.submit(question).thenCompose(Function.identity());
            result.whenComplete((value, error) -> {
                flushDeliveries(queue.loop());
                loop.execute(() -> relay(result, answer));
            });
        });
        flushCommands();
        return answer;
    }

    /** Tells a queue something, in order with everything else said to it. */
    void tell(QueueRef queue, java.util.function.Consumer<ClassicQueue> news) {
        if (queue.loop() == loop) {
            news.accept(queue.owned());
        } else {
            commands(queue.loop()).call(() -> news.accept(queue.owned()));
            flushSoon();
        }
    }

    /** Asks for a change of topology, after all that was said to queues before; completes on this loop. */
    <T extends @Nullable Object> CompletableFuture<T> topology(Supplier<CompletableFuture<T>> request) {
        flushCommands();
        CompletableFuture<T> change = request.get();
        CompletableFuture<T> answer = new CompletableFuture<>();
        change.whenComplete((value, error) -> loop.execute(() -> relay(change, answer)));
        return answer;
    }

    private static <T extends @Nullable Object> void relay(CompletableFuture<T> from, CompletableFuture<T> to) {
        from.whenComplete((value, error) -> {
            if (error != null) {
                to.completeExceptionally(error);
            } else {
                to.complete(value);
            }
        });
    }

    /** The batch that is being filled for a loop. */
    CommandBatch commands(EventLoop target) {
        int index = target.index();
        CommandBatch batch = commands[index];
        if (batch != null && batch.isFull()) {
            target.execute(batch);
            batch = null;
        }
        if (batch == null) {
            batch = spare[index];
            spare[index] = null;
            if (batch == null) {
                batch = new CommandBatch(this, index);
            }
            commands[index] = batch;
        }
        return batch;
    }

    /** A batch that carried publishes is back. */
    void onBatchDone(CommandBatch batch, long bytes) {
        spare[batch.target()] = batch;
        bytesUnderWay -= bytes;
        underWay.add(-bytes);
        resumeIfNothingIsInTheWay();
        flushSoon();
    }

    private boolean isTooMuchUnderWay() {
        return bytesUnderWay > MAX_BYTES_UNDER_WAY
                || (bytesUnderWay > MAX_BYTES_UNDER_WAY_IF_MUCH && underWay.isMuch());
    }

    /** Becomes true at the latest when all is back, whatever the other connections do. */
    private boolean isLittleUnderWay() {
        return bytesUnderWay < MAX_BYTES_UNDER_WAY / 2
                && (bytesUnderWay < MAX_BYTES_UNDER_WAY_IF_MUCH / 2 || underWay.isLittle());
    }

    /** Takes what a queue of another loop hands to this connection; called on that queue's loop. */
    void handOver(ChannelConsumer consumer, @Nullable Message message, long position) {
        QueueRef queue = consumer.queue();
        if (queue == null) {
            return;
        }
        EventLoop from = queue.loop();
        DeliveryBatch batch = deliveries.getPlain(from.index());
        if (batch == null) {
            batch = new DeliveryBatch(this);
            deliveries.setPlain(from.index(), batch);
            from.execute(() -> flushDeliveries(from));
        }
        batch.add(consumer, message, position);
        if (batch.isFull()) {
            deliveries.setPlain(from.index(), null);
            loop.execute(batch);
        }
    }

    private void flushDeliveries(EventLoop from) {
        DeliveryBatch batch = deliveries.getPlain(from.index());
        if (batch != null) {
            deliveries.setPlain(from.index(), null);
            loop.execute(batch);
        }
    }

    void flushSoon() {
        if (closed) {
            flushCommands();
        } else {
            output.flushSoon();
        }
    }

    void hasAnswers(Channel channel) {
        withAnswers.add(channel);
    }

    void holdBack(ChannelConsumer consumer) {
        heldBack.add(consumer);
    }

    /** The client reads again: writes what was held back for it, a consumer after the other. */
    public void onWritable() {
        for (int i = heldBack.size(); i > 0 && output.isWritable(); i--) {
            ChannelConsumer consumer = heldBack.remove();
            if (!consumer.writeHeld()) {
                heldBack.add(consumer);
            }
        }
        flushSoon();
    }

    /** Sends what gathered: confirms to the client, commands to the other loops. Before the socket is flushed. */
    public void endTurn() {
        for (int i = 0; i < withAnswers.size(); i++) {
            withAnswers.get(i).flushAnswers();
        }
        withAnswers.clear();
        flushCommands();
    }

    void flushCommands() {
        for (int i = 0; i < commands.length; i++) {
            CommandBatch batch = commands[i];
            if (batch != null && !batch.isEmpty()) {
                commands[i] = null;
                loops[i].execute(batch);
            }
        }
    }
}
