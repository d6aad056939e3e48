package io.leveret.broker.queue;

import io.leveret.broker.consumer.ChannelWindow;
import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Consumers;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * A classic queue: first in first out, what comes back takes its old place.
 *
 * <p>Owned by the loop of its {@link QueueRef}; every method is called there and nowhere else. It keeps only what is
 * ready. What is handed out is kept by the channel that has it, which either settles it or brings it back with its
 * position, so an acknowledgement costs the queue two counters.
 */
public final class ClassicQueue {
    private final QueueRef ref;
    private final ReadyMessages fresh = new ReadyMessages();
    private final ReturnedMessages returned = new ReturnedMessages();
    private final Consumers consumers;
    private long nextFreshPosition;
    private int unacked;
    private boolean hadConsumer;
    private boolean deleted;
    private boolean pumping;
    private QueueSettings settings;

    ClassicQueue(QueueRef ref, QueueSettings settings) {
        this.ref = ref;
        this.settings = settings;
        this.consumers = new Consumers(ref.isSingleActiveConsumer());
    }

    /** Goes by other settings from now on: what is ready is looked at again. */
    public void onSettings(QueueSettings changed) {
        assertOwned();
        settings = changed;
    }

    /** What the queue goes by now. */
    public QueueSettings onAskSettings() {
        assertOwned();
        return settings;
    }

    /** Takes a message; hands it straight on when somebody waits for it. */
    public PublishResult onEnqueue(Message message) {
        assertOwned();
        if (deleted) {
            return PublishResult.ACCEPTED;
        }
        if (fresh.isEmpty() && returned.isEmpty()) {
            Consumer consumer;
            while ((consumer = consumers.next()) != null) {
                if (consumer.offer(message, nextFreshPosition)) {
                    nextFreshPosition++;
                    countHandOut(consumer);
                    return PublishResult.ACCEPTED;
                }
            }
        }
        fresh.add(message);
        return PublishResult.ACCEPTED;
    }

    /**
     * Registers a consumer. It gets nothing before it is granted credit, so that its consume-ok can be sent first.
     *
     * @throws AmqpError 403 when the queue is in exclusive use, 404 when it is gone
     */
    public void onConsume(Consumer consumer) {
        assertOwned();
        if (deleted) {
            throw AmqpError.notFound("no " + ref.describe());
        }
        if (consumers.keepsOut(consumer)) {
            throw AmqpError.accessRefused(ref.describe() + " in exclusive use");
        }
        consumers.add(consumer);
        hadConsumer = true;
    }

    /** Lets the connection of a consumer take more. */
    public void onCredit(Consumer consumer, int messages) {
        assertOwned();
        consumer.addCredit(messages);
        wake(consumer);
    }

    /** The channel-wide window of a consumer changed or opened. */
    public void onWindow(Consumer consumer, @Nullable ChannelWindow window) {
        assertOwned();
        consumer.useWindow(window);
        wake(consumer);
    }

    /**
     * Takes a consumer out; what it holds unacked stays with its channel.
     *
     * @return whether the queue is auto-delete and has just lost its last consumer: then it is deleted, and only its name
     *     and bindings are left to be removed
     */
    public boolean onCancel(Consumer consumer) {
        assertOwned();
        if (!consumers.remove(consumer)) {
            return false;
        }
        if (ref.isAutoDelete() && hadConsumer && consumers.isEmpty() && !deleted) {
            markDeleted();
            return true;
        }
        return false;
    }

    /** Everything that a consumer taken out had and did not keep is back: the next single active consumer may follow. */
    public void onReleased(Consumer consumer) {
        assertOwned();
        consumers.release(consumer);
        pump();
    }

    /** Settles deliveries for good: acked, or rejected without requeue. */
    public void onSettled(@Nullable Consumer consumer, int deliveries) {
        assertOwned();
        unacked -= deliveries;
        if (consumer != null) {
            consumer.settled(deliveries);
            wake(consumer);
        }
    }

    /**
     * Puts a message back where it was.
     *
     * @param position as it was handed out; marked redelivered by whoever has shown it to a client
     * @param wasUnacked whether it was counted as unacked
     */
    public void onRequeue(@Nullable Consumer consumer, Message message, long position, boolean wasUnacked) {
        assertOwned();
        if (wasUnacked) {
            unacked--;
            if (consumer != null) {
                consumer.settled(1);
            }
        }
        if (deleted) {
            return;
        }
        returned.add(message, Position.notWindowed(position));
        if (consumer != null) {
            consumers.wake(consumer);
        }
    }

    /** Hands out what came back; called once after a run of {@link #onRequeue}. */
    public void onRequeued() {
        assertOwned();
        pump();
    }

    /** Takes the next message for {@code basic.get}; null when none is ready. */
    public @Nullable GetResult onGet(boolean noAck) {
        assertOwned();
        if (deleted) {
            throw AmqpError.notFound("no " + ref.describe());
        }
        GetResult result;
        if (!returned.isEmpty()) {
            ReturnedMessages.Returned first = returned.remove();
            result = new GetResult(first.message(), first.position(), ready());
        } else if (!fresh.isEmpty()) {
            result = new GetResult(fresh.remove(), nextFreshPosition++, ready());
        } else {
            return null;
        }
        if (!noAck) {
            unacked++;
        }
        return result;
    }

    /** Drops what is ready and returns how many that were. */
    public int onPurge() {
        assertOwned();
        int purged = ready();
        nextFreshPosition += fresh.size();
        fresh.clear();
        returned.clear();
        return purged;
    }

    /**
     * Deletes the queue's content and cancels its consumers.
     *
     * @return how many ready messages were dropped
     * @throws AmqpError 406 when a condition does not hold; then nothing has happened
     */
    public int onDelete(boolean ifUnused, boolean ifEmpty) {
        assertOwned();
        if (ifEmpty && ready() > 0) {
            throw AmqpError.preconditionFailed(ref.describe() + " not empty");
        }
        if (ifUnused && !consumers.isEmpty()) {
            throw AmqpError.preconditionFailed(ref.describe() + " in use");
        }
        int dropped = ready();
        if (!deleted) {
            markDeleted();
        }
        return dropped;
    }

    public QueueCounts onCounts() {
        assertOwned();
        return new QueueCounts(ready(), unacked, consumers.size());
    }

    private void markDeleted() {
        deleted = true;
        ref.markDeleted();
        consumers.cancelAll();
        fresh.clear();
        returned.clear();
    }

    private int ready() {
        return fresh.size() + returned.size();
    }

    private void wake(Consumer consumer) {
        consumers.wake(consumer);
        pump();
    }

    /** Hands out while somebody can take; a hand-out that leads back here changes nothing. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        handOut();
        pumping = false;
    }

    private void handOut() {
        while (!returned.isEmpty() || !fresh.isEmpty()) {
            Consumer consumer = consumers.next();
            if (consumer == null) {
                return;
            }
            if (!returned.isEmpty()) {
                ReturnedMessages.Returned first = returned.peek();
                if (consumer.offer(first.message(), first.position())) {
                    returned.remove();
                    countHandOut(consumer);
                }
            } else {
                Message first = fresh.peek();
                if (first != null && consumer.offer(first, nextFreshPosition)) {
                    fresh.remove();
                    nextFreshPosition++;
                    countHandOut(consumer);
                }
            }
        }
    }

    private void countHandOut(Consumer consumer) {
        if (!consumer.isNoAck()) {
            unacked++;
        }
    }

    private void assertOwned() {
        assert ref.loop().inEventLoop() : "not on the loop of " + ref;
    }
}
