package io.leveret.broker.queue;

import io.leveret.broker.consumer.ChannelWindow;
import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Consumers;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.journal.RecoveredEntries;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.message.Message;
import io.leveret.broker.stats.MessageCounts;
import io.leveret.broker.stats.MessageEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A classic queue: first in first out within a priority, what comes back takes its old place.
 *
 * <p>Owned by the loop of its {@link QueueRef}; every method is called there and nowhere else. It keeps only what is
 * ready. What is handed out is kept by the channel that has it, which either settles it or brings it back with its
 * position, so an acknowledgement costs the queue a few counters.
 */
public final class ClassicQueue {
    private final QueueRef ref;
    private final Backlog backlog;
    private final Consumers consumers;
    private final HeldBytes held;
    private final MessageCounts counts;
    private final QueueJournal journal;
    private final MessageExpiry expiry;
    private final IdleExpiry idle;
    private final WaitingGets gets = new WaitingGets();
    private QueueSettings settings;
    private Lengths lengths;
    private int unacked;
    private long unackedBytes;
    private boolean hadConsumer;
    private boolean closed;
    private boolean deleted;
    private boolean pumping;

    /** @param maxPriority as in {@link QueueArguments} */
    ClassicQueue(QueueRef ref, QueueSettings settings, int maxPriority) {
        this.ref = ref;
        this.counts = ref.counts();
        this.held = ref.host().heldBytes(ref.loop());
        this.journal = new QueueJournal(ref);
        LoopJournal loop = journal.loop();
        this.backlog =
                loop == null ? new Backlog(maxPriority) : new Backlog(maxPriority, ref, loop, held, this::onReadBack);
        this.expiry = new MessageExpiry(ref.loop(), this::onHeadIsOver);
        this.idle = new IdleExpiry(ref.loop(), this::onIdle);
        this.settings = settings;
        this.consumers = new Consumers(ref.isSingleActiveConsumer());
        this.lengths = Lengths.of(settings);
    }

    /** Begins to wait for somebody who uses the queue. */
    void onCreated() {
        assertOwned();
        restartIdle();
    }

    /** Goes by other settings from now on: what is ready is looked at again. */
    public void onSettings(QueueSettings changed) {
        assertOwned();
        settings = changed;
        lengths = Lengths.of(changed);
        restartIdle();
        trim();
    }

    /** What the queue goes by now. */
    public QueueSettings onAskSettings() {
        assertOwned();
        return settings;
    }

    /** Takes a message as {@link #onEnqueue(Message, EnqueueListener, long)} does; nobody wants to know what becomes of it. */
    public PublishResult onEnqueue(Message message) {
        return onEnqueue(message, null, 0);
    }

    /**
     * Takes a message, unless that would be too much; hands it straight on when somebody waits for it. A deleted queue
     * forgets it.
     *
     * @param listener hears of it if the result is {@link PublishResult#PENDING}, and only then
     */
    public PublishResult onEnqueue(Message message, @Nullable EnqueueListener listener, long tag) {
        assertOwned();
        if (deleted) {
            return PublishResult.ACCEPTED;
        }
        counts.add(MessageEvent.PUBLISHED);
        if (lengths.refuse(backlog, message)) {
            if (lengths.deadLettersRefused()) {
                deadLetter(message, DeathReason.MAXLEN);
            }
            return PublishResult.REJECTED;
        }
        Message entering = settings.messageTtlMillis() < 0 && !message.hasExpiration()
                ? message
                : expiry.entering(message, settings.messageTtlMillis());
        Consumer consumer = backlog.isEmpty() ? consumers.next() : null;
        // what is settled by being handed out need not be stored
        boolean isPending = journal.keeps(message) && (consumer == null || !consumer.isNoAck());
        if (isPending) {
            entering = journal.enter(message, entering.deadlineMillis(), listener, tag);
        }
        if (consumer == null || !handStraightOn(entering, consumer)) {
            backlog.add(entering);
            held.add(entering.memoryBytes());
            if (lengths.dropHead(backlog) || (backlog.mayExpire() && backlog.peek() == entering)) {
                trim();
            }
        }
        return isPending ? PublishResult.PENDING : PublishResult.ACCEPTED;
    }

    private boolean handStraightOn(Message message, Consumer first) {
        Consumer consumer = first;
        long position = backlog.passingPosition(message);
        do {
            journal.settleIfForGood(message, consumer);
            if (consumer.offer(message, position)) {
                if (consumer.isNoAck()) {
                    counts.add(MessageEvent.DELIVERED_NO_ACK);
                } else {
                    held.add(message.memoryBytes());
                    countUnacked(message);
                    counts.add(MessageEvent.DELIVERED);
                }
                return true;
            }
            consumer = consumers.next();
        } while (consumer != null);
        return false;
    }

    /** Puts back what was there when the broker stopped; before anybody uses the queue, and to be followed by {@link #onReady}. */
    public void onRecovered(RecoveredEntries entries) {
        assertOwned();
        backlog.addRecovered(entries);
    }

    /** The broker is about to stop in good order: tells the journal how far the queue has handed out what is there. */
    public void onStopping() {
        assertOwned();
        if (!deleted) {
            journal.showHandedOut(backlog, unacked == 0);
        }
    }

    /**
     * All queues have what was there when the broker stopped. What has become too old meanwhile, or is too much by now, may
     * go to them.
     */
    public void onReady() {
        assertOwned();
        trim();
    }

    /** Where it writes what has to outlive the process; null if nothing does. */
    public @Nullable LoopJournal journal() {
        return journal.loop();
    }

    /** A delivery that the journal has is settled for good; counted apart, by {@link #onSettled}. */
    public void onAcknowledged(long place) {
        assertOwned();
        journal.settle(place);
    }

    /**
     * Registers a consumer. It gets nothing before it is granted credit, so that its consume-ok can be sent first.
     *
     * @throws AmqpError 403 when the queue is in exclusive use, 404 when it is gone
     */
    public void onConsume(Consumer consumer) {
        assertOwned();
        requireThere();
        if (consumers.keepsOut(consumer)) {
            throw AmqpError.accessRefused(ref.describe() + " in exclusive use");
        }
        consumers.add(consumer);
        hadConsumer = true;
        idle.stop();
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
     * @return whether the queue is auto-delete and has just lost its last consumer: then it is closed, as by
     *     {@link #onClose}, and has to be deleted
     */
    public boolean onCancel(Consumer consumer) {
        assertOwned();
        if (!consumers.remove(consumer)) {
            return false;
        }
        if (!consumers.isEmpty() || closed) {
            return false;
        }
        if (ref.isAutoDelete() && hadConsumer) {
            close();
            return true;
        }
        restartIdle();
        return false;
    }

    /** Everything that a consumer taken out had and did not keep is back: the next single active consumer may follow. */
    public void onReleased(Consumer consumer) {
        assertOwned();
        consumers.release(consumer);
        pump();
    }

    /**
     * Settles deliveries that were acknowledged.
     *
     * @param bodyBytes the bytes in the bodies of these messages
     * @param memoryBytes the sum of their {@link Message#memoryBytes}
     */
    public void onSettled(@Nullable Consumer consumer, int deliveries, long bodyBytes, long memoryBytes) {
        assertOwned();
        counts.add(MessageEvent.ACKED, deliveries);
        settled(consumer, deliveries, bodyBytes, memoryBytes);
    }

    private void settled(@Nullable Consumer consumer, int deliveries, long bodyBytes, long memoryBytes) {
        unacked -= deliveries;
        unackedBytes -= bodyBytes;
        held.add(-memoryBytes);
        if (consumer != null) {
            consumer.settled(deliveries);
            wake(consumer);
        }
    }

    /** Settles a delivery that a client does not want and nobody is to get again from this queue. */
    public void onRejected(@Nullable Consumer consumer, Message message) {
        assertOwned();
        if (deleted) {
            journal.settle(message.place());
        } else {
            deadLetter(message, DeathReason.REJECTED);
        }
        settled(consumer, 1, message.bodyLength(), message.memoryBytes());
    }

    /**
     * Puts a message back where it was.
     *
     * @param position as it was handed out; marked redelivered by whoever has shown it to a client
     * @param wasUnacked whether it was counted as unacked; if not, it was handed out without acknowledgement
     */
    public void onRequeue(@Nullable Consumer consumer, Message message, long position, boolean wasUnacked) {
        assertOwned();
        if (wasUnacked) {
            unacked--;
            unackedBytes -= message.bodyLength();
            held.add(-message.memoryBytes());
            if (consumer != null) {
                consumer.settled(1);
            }
        }
        if (deleted) {
            if (wasUnacked) {
                journal.settle(message.place());
            }
            return;
        }
        backlog.giveBack(wasUnacked ? message : journal.enterAnew(message), Position.notWindowed(position));
        held.add(message.memoryBytes());
        if (consumer != null) {
            consumers.wake(consumer);
        }
    }

    /** Hands out what came back, if it may stay; called once after a run of {@link #onRequeue}. */
    public void onRequeued() {
        assertOwned();
        trim();
        pump();
    }

    /** Takes the next message for {@code basic.get}; null when none is ready, or the next one is on disk alone. */
    public @Nullable GetResult onGet(boolean noAck) {
        assertOwned();
        requireThere();
        restartIdle();
        return trim() && !backlog.isEmpty() ? take(noAck) : null;
    }

    /**
     * The same, but waits for a message that is on disk alone. Completes with null when none is ready, with an
     * {@link AmqpError} when the queue is deleted meanwhile.
     */
    public CompletableFuture<@Nullable GetResult> onFetch(boolean noAck) {
        assertOwned();
        requireThere();
        restartIdle();
        WaitingGets.Waiting waiting = new WaitingGets.Waiting(noAck, new CompletableFuture<>());
        gets.add(waiting);
        answerGets();
        return waiting.answer();
    }

    /** Answers as long as what is asked for is in memory. */
    private void answerGets() {
        while (!gets.isEmpty()) {
            boolean trimmed = trim();
            if (!trimmed) {
                return;
            }
            if (backlog.isEmpty()) {
                gets.answer(null);
                continue;
            }
            GetResult got = take(gets.noAck());
            if (got == null) {
                backlog.readAhead(true);
                return;
            }
            gets.answer(got);
        }
    }

    private @Nullable GetResult take(boolean noAck) {
        long position = backlog.position();
        Message message = backlog.remove();
        if (message == null) {
            return null;
        }
        if (noAck) {
            held.add(-message.memoryBytes());
            journal.settle(message.place());
            counts.add(MessageEvent.FETCHED_NO_ACK);
        } else {
            countUnacked(message);
            counts.add(MessageEvent.FETCHED);
        }
        countIfRedelivered(position);
        trim();
        return new GetResult(message, position, backlog.size());
    }

    /** Drops what is ready and returns how many that were. */
    public int onPurge() {
        assertOwned();
        int purged = backlog.size();
        forgetReady();
        return purged;
    }

    /**
     * Begins to delete the queue: from now on it is gone for whoever asks, but keeps what it has, takes what is published
     * and serves the consumers it has, until {@link #onDelete} or {@link #onReopen} follows.
     *
     * @throws AmqpError 406 when a condition does not hold; then nothing has happened
     */
    public void onClose(boolean ifUnused, boolean ifEmpty) {
        assertOwned();
        trim();
        if (ifEmpty && !backlog.isEmpty()) {
            throw AmqpError.preconditionFailed(ref.describe() + " not empty");
        }
        if (ifUnused && !consumers.isEmpty()) {
            throw AmqpError.preconditionFailed(ref.describe() + " in use");
        }
        close();
    }

    /** The queue is not deleted after all: it goes on as if it had never been closed. */
    public void onReopen() {
        assertOwned();
        if (!deleted) {
            closed = false;
            ref.markDeleted(false);
            restartIdle();
        }
    }

    /**
     * Deletes the queue's content and cancels its consumers.
     *
     * @return how many ready messages were dropped
     */
    public int onDelete() {
        assertOwned();
        if (deleted) {
            return 0;
        }
        trim();
        close();
        int dropped = backlog.size();
        deleted = true;
        ref.markGone();
        consumers.cancelAll();
        gets.fail(this::noQueue);
        forgetReady();
        return dropped;
    }

    /**
     * Somebody has declared the queue, actively or passively, which counts as using it.
     *
     * @throws AmqpError 404 when it is gone
     */
    public QueueCounts onDeclared() {
        assertOwned();
        requireThere();
        restartIdle();
        return onCounts();
    }

    /** How full it is; asking does not count as using it. */
    public QueueCounts onCounts() {
        assertOwned();
        trim();
        return new QueueCounts(backlog.size(), unacked, consumers.size(), backlog.bodyBytes(), unackedBytes);
    }

    /**
     * The same for any other thread, without waiting for the loop: a race on purpose, whose worst is that some of the numbers
     * are a moment older than others.
     */
    QueueCounts glance() {
        return new QueueCounts(backlog.size(), unacked, consumers.size(), backlog.bodyBytes(), unackedBytes);
    }

    /**
     * Shows what is ready in the order in which it would be handed out, each message staying where it is; asking does not count
     * as using the queue. Completes on the queue's loop, at once unless something has to be read from the disk.
     */
    public CompletableFuture<List<BrowsedMessage>> onBrowse() {
        assertOwned();
        trim();
        return backlog.browse();
    }

    private void onHeadIsOver() {
        assertOwned();
        trim();
    }

    private void onIdle() {
        assertOwned();
        if (!closed && consumers.isEmpty()) {
            close();
            ref.host().expired(ref);
        }
    }

    private void restartIdle() {
        if (consumers.isEmpty() && !closed) {
            idle.restart(settings.expiresMillis());
        }
    }

    private void requireThere() {
        if (closed) {
            throw noQueue();
        }
    }

    private AmqpError noQueue() {
        return AmqpError.notFound("no " + ref.describe());
    }

    private void close() {
        closed = true;
        ref.markDeleted(true);
        idle.stop();
    }

    private void forgetReady() {
        held.add(-backlog.memoryBytes());
        if (journal.loop() != null) {
            backlog.forEachPlace(journal::settle);
        }
        backlog.clear();
        expiry.stop();
        answerGets();
    }

    /** Messages came back from disk, or there is room for them. */
    private void onReadBack() {
        assertOwned();
        answerGets();
        trim();
        pump();
    }

    /**
     * Takes from the head what is too much or too old. To be called before anybody gets to see the head.
     *
     * @return false if the head is to be taken, but has to be read back before: then nobody may see it
     */
    private boolean trim() {
        while (lengths.dropHead(backlog)) {
            if (!die(DeathReason.MAXLEN)) {
                return false;
            }
        }
        return !backlog.mayExpire() || expire(ref.loop().nowMillis());
    }

    /** Returns what {@link #trim} does. */
    private boolean expire(long nowMillis) {
        while (!backlog.isEmpty()) {
            long deadline = backlog.deadlineMillis();
            if (deadline > nowMillis) {
                expiry.watch(deadline);
                return true;
            }
            if (!die(DeathReason.EXPIRED)) {
                return false;
            }
        }
        return true;
    }

    /** The head leaves the queue, unless it has to be read back before; returns whether it did. */
    private boolean die(DeathReason reason) {
        Message message = backlog.remove();
        if (message != null) {
            held.add(-message.memoryBytes());
            deadLetter(message, reason);
            return true;
        }
        if (settings.deadLettering() != null) {
            backlog.readAhead(true);
            return false;
        }
        journal.settle(backlog.drop());
        return true;
    }

    /** Until its letter is stored elsewhere, the journal keeps the message for this queue. */
    private void deadLetter(Message message, DeathReason reason) {
        DeadLettering to = settings.deadLettering();
        if (to == null) {
            journal.settle(message.place());
        } else {
            ref.host().deadLetter(ref, to, message, reason);
        }
    }

    private void wake(Consumer consumer) {
        consumers.wake(consumer);
        pump();
    }

    /** Hands out while somebody can take; a hand-out that leads back here changes nothing. */
    private void pump() {
        if (pumping || backlog.isEmpty()) {
            return;
        }
        pumping = true;
        handOut();
        pumping = false;
    }

    /** A message is taken from the backlog before it is offered, because whoever gets it may give it back at once. */
    private void handOut() {
        long nowMillis = 0;
        while (true) {
            if (backlog.mayExpire()) {
                nowMillis = nowMillis == 0 ? ref.loop().nowMillis() : nowMillis;
                if (!expire(nowMillis)) {
                    return;
                }
            }
            Consumer consumer = backlog.isEmpty() ? null : consumers.next();
            if (consumer == null) {
                return;
            }
            long position = backlog.position();
            Message message = backlog.remove();
            if (message == null) {
                backlog.readAhead(unacked == 0 || consumer.isNoAck());
                return;
            }
            journal.settleIfForGood(message, consumer);
            if (!consumer.offer(message, position)) {
                backlog.giveBack(message, position);
                continue;
            }
            if (consumer.isNoAck()) {
                held.add(-message.memoryBytes());
                counts.add(MessageEvent.DELIVERED_NO_ACK);
            } else {
                countUnacked(message);
                counts.add(MessageEvent.DELIVERED);
            }
            countIfRedelivered(position);
        }
    }

    private void countIfRedelivered(long position) {
        if (Position.isRedelivered(position)) {
            counts.add(MessageEvent.REDELIVERED);
        }
    }

    private void countUnacked(Message message) {
        unacked++;
        unackedBytes += message.bodyLength();
    }

    private void assertOwned() {
        assert ref.loop().inEventLoop() : "not on the loop of " + ref;
    }
}
