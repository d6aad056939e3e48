package io.leveret.broker.vhost;

import io.leveret.broker.deadletter.DeadLetters;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.DeadLettering;
import io.leveret.broker.queue.DeathReason;
import io.leveret.broker.queue.QueueHost;
import io.leveret.broker.queue.QueueRef;
import java.util.List;

/** What a virtual host does for its queues. */
final class QueueServices implements QueueHost {
    private final VirtualHost vhost;
    private final DeadLetters deadLetters;
    private final MemoryInUse memory;

    QueueServices(VirtualHost vhost, DeadLetters deadLetters, MemoryInUse memory) {
        this.vhost = vhost;
        this.deadLetters = deadLetters;
        this.memory = memory;
    }

    @Override
    public void deadLetter(QueueRef queue, DeadLettering to, Message message, DeathReason reason) {
        deadLetters.add(queue, to, message, reason);
    }

    @Override
    public void expired(QueueRef queue) {
        vhost.deleteQueues(List.of(queue));
    }

    @Override
    public HeldBytes heldBytes(EventLoop loop) {
        return memory.of(loop);
    }
}
