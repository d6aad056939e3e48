package io.leveret.broker.test.client;

import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.QueueCounts;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.VirtualHost;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue as a test sees it. It may be declared later, deleted and declared again: each call looks for the one that has the name
 * then. Immutable; any thread but those of the broker.
 */
public final class QueueProbe {
    private final String name;
    private final Supplier<VirtualHost> vhost;
    private final Patience patience;

    QueueProbe(String name, Supplier<VirtualHost> vhost, Patience patience) {
        this.name = name;
        this.vhost = vhost;
        this.patience = patience;
    }

    /** The same, with patience of its own; see {@link BrokerTestClient#within}. */
    public QueueProbe within(Duration longest) {
        return new QueueProbe(name, vhost, new Patience(longest));
    }

    /** Whether there is such a queue now. */
    public boolean exists() {
        return find() != null;
    }

    /**
     * How full it is now.
     *
     * @throws AssertionError if there is no such queue
     */
    public QueueCounts counts() {
        return counts(require());
    }

    /**
     * Waits until exactly so many messages are ready.
     *
     * @throws AssertionError if that is not so in time; says what was there instead
     */
    public QueueCounts awaitReady(int messages) {
        return await("ready " + messages, counts -> counts.ready() == messages);
    }

    /**
     * Waits until exactly so many messages are with consumers and not acknowledged.
     *
     * @throws AssertionError if that is not so in time; says what was there instead
     */
    public QueueCounts awaitUnacked(int messages) {
        return await("unacked " + messages, counts -> counts.unacked() == messages);
    }

    /**
     * Waits until it has exactly so many consumers.
     *
     * @throws AssertionError if that is not so in time; says what was there instead
     */
    public QueueCounts awaitConsumers(int consumers) {
        return await("consumers " + consumers, counts -> counts.consumers() == consumers);
    }

    /**
     * Waits until all that was in it has been consumed and acknowledged: nothing is ready and nothing is unacked.
     *
     * @throws AssertionError if that is not so in time; says what was there instead
     */
    public QueueCounts awaitEmpty() {
        return await("ready 0, unacked 0", counts -> counts.ready() == 0 && counts.unacked() == 0);
    }

    /**
     * What is ready, in the order in which it would be delivered; nothing changes by that.
     *
     * @throws AssertionError if there is no such queue
     */
    public List<PeekedMessage> messages() {
        var browsed = require().submit(ClassicQueue::onBrowse).thenCompose(messages -> messages);
        return Patience.answer(browsed, patience.longest(), "what is in " + this).stream()
                .map(message -> PeekedMessage.of(name, message))
                .toList();
    }

    /**
     * Drops what is ready.
     *
     * @return how many messages that were
     * @throws AssertionError if there is no such queue
     */
    public int purge() {
        return Patience.answer(
                require().submit(ClassicQueue::onPurge), patience.longest(), "how " + this + " is purged");
    }

    private QueueCounts await(String expected, Predicate<QueueCounts> wanted) {
        return patience.await(
                this::countsIfThere,
                wanted,
                seen -> "expected " + this + " to have " + expected + ", but "
                        + (seen == null ? missing() : "it had " + text(seen)));
    }

    private @Nullable QueueCounts countsIfThere() {
        QueueRef queue = find();
        return queue == null ? null : counts(queue);
    }

    private QueueCounts counts(QueueRef queue) {
        return Patience.answer(queue.submit(ClassicQueue::onCounts), patience.longest(), "how full " + this + " is");
    }

    private static String text(QueueCounts counts) {
        return "ready " + counts.ready() + ", unacked " + counts.unacked() + ", consumers " + counts.consumers();
    }

    private @Nullable QueueRef find() {
        return vhost.get().queue(name);
    }

    private QueueRef require() {
        QueueRef queue = find();
        if (queue == null) {
            throw new AssertionError(missing());
        }
        return queue;
    }

    private String missing() {
        VirtualHost of = vhost.get();
        return "there was no " + this + " in vhost '" + of.name() + "' but "
                + Names.of(of.queues().stream().map(QueueRef::name).toList());
    }

    /** As failures name it: {@code queue 'q'}. */
    @Override
    public String toString() {
        return "queue '" + name + "'";
    }
}
