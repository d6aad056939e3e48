package io.leveret.broker.queue;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a queue tells the journal of its messages; nothing, when nothing outlives the process. Owned by the queue's loop.
 */
final class QueueJournal {
    private final QueueRef ref;
    private final @Nullable LoopJournal journal;

    QueueJournal(QueueRef ref) {
        this.ref = ref;
        this.journal = ref.host().journal(ref.loop());
    }

    /** Where it writes; null if nothing outlives the process. */
    @Nullable LoopJournal loop() {
        return journal;
    }

    /** Whether a message that enters the queue has to outlive the process. */
    boolean keeps(Message message) {
        return journal != null && ref.keeps(message);
    }

    /**
     * Writes a message that {@link #keeps has to outlive} the process.
     *
     * @param deadlineMillis when it expires in this queue
     * @param listener hears when it is safe
     * @return the message with its place in the journal
     */
    Message enter(Message message, long deadlineMillis, @Nullable EnqueueListener listener, long tag) {
        LoopJournal to = journal;
        if (to == null) {
            throw new IllegalStateException("nothing outlives the process");
        }
        return to.append(ref.id(), message, deadlineMillis, true, listener, tag);
    }

    /**
     * A message that nobody was to acknowledge has not reached its client. It was settled, or never in the journal: it enters
     * it anew, and so comes behind the others after a restart.
     */
    Message enterAnew(Message message) {
        if (keeps(message)) {
            return enter(message, message.deadlineMillis(), null, 0);
        }
        return journal == null || message.place() == Message.NOWHERE
                ? message
                : message.inQueue(message.deadlineMillis(), Message.NOWHERE);
    }

    /** A message of the queue, or a delivery of it, is settled for good. */
    void settle(long place) {
        if (journal != null) {
            journal.settle(place);
        }
    }

    /** A hand-out without acknowledgement settles; to be said first, because the message may come back at once. */
    void settleIfForGood(Message message, Consumer consumer) {
        if (consumer.isNoAck()) {
            settle(message.place());
        }
    }

    /** How far the queue has handed out what is there, for the time after the broker has stopped in good order. */
    void showHandedOut(Backlog backlog, boolean nothingUnacked) {
        LoopJournal to = journal;
        if (to != null && ref.isDurable()) {
            backlog.showHandedOut(nothingUnacked, (level, place) -> to.delivered(ref.id(), level, place));
        }
    }
}
