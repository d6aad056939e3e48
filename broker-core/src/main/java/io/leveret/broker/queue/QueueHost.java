package io.leveret.broker.queue;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a queue needs of the virtual host it is in. Called on the queue's loop; nothing here blocks, fails or calls the
 * queue back before the queue has finished what it is doing.
 */
public interface QueueHost {

    /**
     * Passes on a message that died in a queue; the queue no longer has it. Messages of one queue are passed on in order. What
     * the journal has of it is settled when it is where it belongs, or was dropped.
     *
     * @param exchange the dead letter exchange, which need not exist
     */
    void deadLetter(QueueRef queue, DeadLettering exchange, Message message, DeathReason reason);

    /** A queue was not used for as long as it may: it is closed now and has to be deleted. */
    void expired(QueueRef queue);

    /** Where queues of that loop write what has to outlive the process; null if nothing does. Any thread. */
    @Nullable LoopJournal journal(EventLoop loop);

    /** Where queues of that loop count what they hold. Any thread. */
    HeldBytes heldBytes(EventLoop loop);
}
