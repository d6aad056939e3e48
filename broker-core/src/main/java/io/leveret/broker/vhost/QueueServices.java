package io.leveret.broker.vhost;

import io.leveret.broker.deadletter.DeadLetters;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.queue.QueueHost;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.stats.MessageEvent;
import org.jspecify.annotations.Nullable;

/** What a virtual host does for its queues. */
final class QueueServices implements QueueHost {
    private final VirtualHost vhost;
    private final DeadLetters deadLetters;
    private final MemoryInUse memory;
    private final @Nullable Journal journal;

    QueueServices(VirtualHost vhost, DeadLetters deadLetters, MemoryInUse memory, @Nullable Journal journal) {
        this.vhost = vhost;
        this.deadLetters = deadLetters;
        this.memory = memory;
        this.journal = journal;
    }

    @Override
    public void deadLetter(QueueRef queue, DeadLettering to, Message message, DeathReason reason) {
        if (deadLetters.add(queue, to, message, reason)) {
            vhost.counts().of(queue.loop()).add(MessageEvent.DEAD_LETTERED);
            queue.counts().add(MessageEvent.DEAD_LETTERED);
        }
    }

    @Override
    public void expired(QueueRef queue) {
        vhost.deleteClosed(queue);
    }

    @Override
    public @Nullable LoopJournal journal(EventLoop loop) {
        return journal == null ? null : journal.on(loop);
    }

    @Override
    public HeldBytes heldBytes(EventLoop loop) {
        return memory.of(loop);
    }
}
