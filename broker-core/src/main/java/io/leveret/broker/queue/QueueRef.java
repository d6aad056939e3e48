package io.leveret.broker.queue;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import io.leveret.broker.policy.QueuePolicy;
import io.leveret.broker.stats.MessageCounts;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A queue seen from anywhere: what never changes about it, and the way to the loop that owns the rest. Safe on any thread;
 * two references are the same queue only if they are the same object.
 */
public final class QueueRef implements QueueDestination {
    private final String vhost;
    private final String name;
    private final boolean durable;
    private final boolean autoDelete;
    private final FieldTable arguments;
    private final @Nullable Object exclusiveOwner;
    private final EventLoop loop;
    private final QueueHost host;
    private final QueueArguments parsed;
    private final long id;
    private final MessageCounts counts = MessageCounts.ofQueue();
    private final ClassicQueue queue;
    private volatile QueuePolicy policy;
    private volatile boolean deleted;
    private volatile boolean gone;

    /**
     * A queue under no policy, which the journal does not know.
     *
     * @param exclusiveOwner the connection that alone may use the queue; null when it is shared
     * @param loop the loop that owns the queue from now on
     * @throws AmqpError 406 or 540 for arguments that no classic queue can have
     */
    public QueueRef(
            String vhost,
            String name,
            boolean durable,
            boolean autoDelete,
            FieldTable arguments,
            @Nullable Object exclusiveOwner,
            EventLoop loop,
            QueueHost host) {
        this(vhost, name, durable, autoDelete, arguments, exclusiveOwner, loop, host, QueuePolicy.NONE, OwnerIds.NONE);
    }

    /**
     * @param exclusiveOwner the connection that alone may use the queue; null when it is shared
     * @param loop the loop that owns the queue from now on
     * @param policy what it begins with
     * @param id by which the journal knows it
     * @throws AmqpError 406 or 540 for arguments that no classic queue can have
     */
    public QueueRef(
            String vhost,
            String name,
            boolean durable,
            boolean autoDelete,
            FieldTable arguments,
            @Nullable Object exclusiveOwner,
            EventLoop loop,
            QueueHost host,
            QueuePolicy policy,
            long id) {
        this.id = id;
        this.vhost = vhost;
        this.name = name;
        this.durable = durable;
        this.autoDelete = autoDelete;
        this.arguments = arguments;
        this.exclusiveOwner = exclusiveOwner;
        this.loop = loop;
        this.host = host;
        this.policy = policy;
        this.parsed = QueueArguments.parse(vhost, name, arguments);
        QueueSettings settings = QueueSettings.of(parsed, policy);
        this.queue = new ClassicQueue(this, settings, parsed.maxPriority());
        if (settings.expiresMillis() >= 0) {
            loop.execute(queue::onCreated);
        }
    }

    @Override
    public String name() {
        return name;
    }

    public String vhost() {
        return vhost;
    }

    /** By which the journal knows it. */
    public long id() {
        return id;
    }

    public boolean isDurable() {
        return durable;
    }

    /** Whether a message of this queue is to outlive the process, if anything does. */
    public boolean keeps(Message message) {
        return durable && message.isPersistent();
    }

    public boolean isAutoDelete() {
        return autoDelete;
    }

    public boolean isExclusive() {
        return exclusiveOwner != null;
    }

    /** The connection an exclusive queue belongs to. */
    public @Nullable Object exclusiveOwner() {
        return exclusiveOwner;
    }

    public FieldTable arguments() {
        return arguments;
    }

    /** Whether only one of its consumers is served at a time. */
    public boolean isSingleActiveConsumer() {
        return parsed.singleActiveConsumer();
    }

    /** The arguments as the queue understands them. */
    QueueArguments parsedArguments() {
        return parsed;
    }

    /** The policy it was last put under. */
    public QueuePolicy policy() {
        return policy;
    }

    /**
     * Puts the queue under a policy; takes effect behind what its loop was given before. One thread at a time.
     *
     * @return completes when the queue goes by it
     */
    public CompletableFuture<Boolean> applyPolicy(QueuePolicy applied) {
        policy = applied;
        QueueSettings settings = QueueSettings.of(parsed, applied);
        return submit(owned -> {
            owned.onSettings(settings);
            return true;
        });
    }

    QueueHost host() {
        return host;
    }

    /** What has happened to messages here: written by {@link #loop}, read by any thread. */
    public MessageCounts counts() {
        return counts;
    }

    /**
     * How full it was a moment ago; any thread, without waiting for the queue. Messages whose time is over may be among those
     * that are ready.
     */
    public QueueCounts glance() {
        return queue.glance();
    }

    /** The loop that owns the queue. */
    public EventLoop loop() {
        return loop;
    }

    /** The queue itself, for code that runs on {@link #loop()}. */
    public ClassicQueue owned() {
        assert loop.inEventLoop() : "not on the loop of " + this;
        return queue;
    }

    /**
     * Whether nobody can begin to use the queue any more, because it is gone or about to go; its name may be there a moment
     * longer. It comes back only if its deletion could not be stored.
     */
    public boolean isDeleted() {
        return deleted;
    }

    void markDeleted(boolean now) {
        deleted = now;
    }

    /** Whether the queue's content is gone, for good. */
    public boolean isGone() {
        return gone;
    }

    void markGone() {
        gone = true;
    }

    /** As RabbitMQ's texts name it: {@code queue 'q' in vhost '/'}. */
    public String describe() {
        return "queue '" + name + "' in vhost '" + vhost + "'";
    }

    /**
     * Refuses a queue that is exclusive to another connection.
     *
     * @param connection who asks; null for somebody without a connection
     * @throws AmqpError 405
     */
    public void checkAccess(@Nullable Object connection) {
        if (exclusiveOwner != null && exclusiveOwner != connection) {
            throw exclusiveElsewhere();
        }
    }

    /** RabbitMQ's refusal of a queue that is exclusive, or not, in a way the request does not expect. */
    public AmqpError exclusiveElsewhere() {
        return AmqpError.resourceLocked("cannot obtain exclusive access to locked " + describe()
                + ". It could be originally declared on another connection or the exclusive property value does not"
                + " match that of the original declaration.");
    }

    /**
     * Runs something on the owner loop: at once when called there, later otherwise. The future completes on that loop;
     * what the function throws completes it exceptionally.
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(Function<ClassicQueue, T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (loop.inEventLoop()) {
            complete(result, work);
        } else {
            loop.execute(() -> complete(result, work));
        }
        return result;
    }

    private <T extends @Nullable Object> void complete(CompletableFuture<T> result, Function<ClassicQueue, T> work) {
        try {
            result.complete(work.apply(queue));
        } catch (RuntimeException | Error e) {
            // the writer of the topology waits for this, also when it is a bug
            result.completeExceptionally(e);
        }
    }

    @Override
    public String toString() {
        return describe();
    }
}
