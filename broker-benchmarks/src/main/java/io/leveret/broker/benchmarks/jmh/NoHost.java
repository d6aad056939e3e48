package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.queue.QueueHost;
import io.leveret.broker.queue.QueueRef;
import org.jspecify.annotations.Nullable;

/** For queues without a virtual host: what leaves them is gone. */
final class NoHost implements QueueHost {
    private final HeldBytes heldBytes = new HeldBytes();

    @Override
    public void deadLetter(QueueRef queue, DeadLettering exchange, Message message, DeathReason reason) {}

    @Override
    public void expired(QueueRef queue) {}

    @Override
    public @Nullable LoopJournal journal(EventLoop loop) {
        return null;
    }

    @Override
    public HeldBytes heldBytes(EventLoop loop) {
        return heldBytes;
    }
}
