package io.leveret.broker.queue;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a queue hands to its virtual host. */
public final class RecordingHost implements QueueHost {
    final List<DeadLetter> deadLetters = new ArrayList<>();
    final List<QueueRef> expired = new ArrayList<>();
    final HeldBytes heldBytes;
    private final @Nullable LoopJournal journal;

    /** One without a journal. */
    public RecordingHost() {
        this(new HeldBytes(), null);
    }

    RecordingHost(HeldBytes heldBytes, @Nullable LoopJournal journal) {
        this.heldBytes = heldBytes;
        this.journal = journal;
    }

    record DeadLetter(QueueRef queue, DeadLettering to, Message message, DeathReason reason) {}

    @Override
    public void deadLetter(QueueRef queue, DeadLettering to, Message message, DeathReason reason) {
        deadLetters.add(new DeadLetter(queue, to, message, reason));
    }

    @Override
    public void expired(QueueRef queue) {
        expired.add(queue);
    }

    @Override
    public @Nullable LoopJournal journal(EventLoop loop) {
        return journal;
    }

    @Override
    public HeldBytes heldBytes(EventLoop loop) {
        return heldBytes;
    }
}
