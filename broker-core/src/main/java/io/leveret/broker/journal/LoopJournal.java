package io.leveret.broker.journal;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The journal as one loop uses it, for the queues that live there. Owned by that loop; nothing here blocks.
 *
 * <p>What is appended gathers in a batch. That is handed to the journal's thread at the end of what the loop is doing if
 * nothing of this loop is under way, otherwise when that is committed, or when it is full. So batches are as large as the
 * disk is slow, and what is enqueued and settled meanwhile is never written.
 */
public final class LoopJournal {
    private final EventLoop loop;
    private final Journal journal;
    private @Nullable JournalBatch current;
    private int underWay;
    private boolean planned;

    LoopJournal(EventLoop loop, Journal journal) {
        this.loop = loop;
        this.journal = journal;
    }

    public EventLoop loop() {
        return loop;
    }

    /**
     * Adds an entry.
     *
     * @param owner the queue it is in, see {@link OwnerIds}
     * @param deadlineMillis until when it may stay there, {@link Message#NEVER} for ever
     * @param lasting whether it is to be there after a restart; otherwise it is written only so that it need not be in memory
     * @param listener hears when the entry is on disk, or over before that; may be called before this returns to a caller
     *     further up, but not within this call
     * @return the message with its place, for the queue
     */
    public Message append(
            long owner,
            Message message,
            long deadlineMillis,
            boolean lasting,
            @Nullable EnqueueListener listener,
            long tag) {
        JournalBatch batch = batch();
        Message queued = batch.add(owner, message, deadlineMillis, lasting ? SegmentEntries.LASTING : 0, listener, tag);
        handOverIfFull(batch);
        return queued;
    }

    /** An entry is over: acknowledged, dropped, expired or moved. {@link Message#NOWHERE} is fine. */
    public void settle(long place) {
        if (place == Message.NOWHERE) {
            return;
        }
        JournalBatch batch = batch();
        if (Place.segment(place) == batch.segment) {
            batch.cancel(Place.slot(place));
        } else {
            batch.settle(place);
            handOverIfFull(batch);
        }
    }

    private JournalBatch batch() {
        assert loop.inEventLoop() : "not on loop " + loop.index();
        JournalBatch batch = current;
        if (batch == null) {
            batch = new JournalBatch(this, journal.nextSegment());
            current = batch;
            handOverSoon();
        }
        return batch;
    }

    private void handOverIfFull(JournalBatch batch) {
        if (batch.isFull()) {
            handOver();
        }
    }

    private void handOverSoon() {
        if (!planned && underWay == 0) {
            planned = true;
            loop.execute(this::onPlanned);
        }
    }

    private void onPlanned() {
        planned = false;
        if (underWay == 0) {
            handOver();
        }
    }

    private void handOver() {
        JournalBatch batch = current;
        if (batch == null) {
            return;
        }
        current = null;
        if (!batch.isVoid()) {
            underWay++;
            journal.commit(batch);
        }
    }

    /** A batch is on disk. */
    void onCommitted(JournalBatch batch) {
        underWay--;
        batch.tellAll(true);
        if (underWay == 0) {
            handOver();
        }
    }
}
