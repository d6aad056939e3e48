package io.leveret.broker.journal;

import io.leveret.broker.journal.Pageable.Pressure;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal as one loop uses it, for the queues that live there. Owned by that loop; nothing here blocks.
 *
 * <p>What is appended gathers in a batch. That is handed to the journal's thread at the end of what the loop is doing if
 * nothing of this loop is under way, otherwise when that is committed, or when it is full. So batches are as large as the
 * disk is slow, and what is enqueued and settled meanwhile is never written.
 *
 * <p>Nothing is refused. Whoever lets clients publish asks {@link #holdsUp} and stops reading from them until there is
 * relief.
 */
public final class LoopJournal {
    private static final int MOST_UNDER_WAY = 8;
    private static final int LARGEST_SPARE = 4 * 1024;

    /** What is being written is in memory so many times more: as a segment, as rows and as pages. */
    private static final int COPIES = 3;

    private final EventLoop loop;
    private final Journal journal;
    private final long mostUncommitted;
    private final UncommittedBatches uncommitted = new UncommittedBatches();
    private final HandedOut handedOut = new HandedOut();
    private List<Runnable> reliefs = new ArrayList<>();
    private @Nullable JournalBatch current;
    private @Nullable JournalBatch spare;
    private boolean planned;
    /** No batch of this loop that comes later has a smaller id; see {@link #oldestOpen}. */
    private volatile long oldestOpen = Long.MAX_VALUE;

    private final LoopPaging paging;
    /** The last segment of this loop that is on disk; all before it are. */
    private long stored;

    /** @param mostUncommitted with more bytes than that it is congested */
    LoopJournal(EventLoop loop, Journal journal, long mostUncommitted, LoopPaging paging) {
        this.loop = loop;
        this.journal = journal;
        this.mostUncommitted = mostUncommitted;
        this.paging = paging;
    }

    /** Which messages need not be in memory, and how they are read back. */
    public LoopPaging paging() {
        return paging;
    }

    /**
     * Whether an entry can be read back.
     *
     * @param place of an entry of this loop, or one that was there at the start
     */
    public boolean isStored(long place) {
        return Place.segment(place) <= stored;
    }

    /** Everything up to a segment was there at the start; before the loop uses it. */
    void recovered(long segment) {
        stored = segment;
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
        completeIfFull(batch);
        return queued;
    }

    /** An entry is over: acknowledged, dropped, expired or moved. {@link Message#NOWHERE} is fine. */
    public void settle(long place) {
        if (place == Message.NOWHERE) {
            return;
        }
        JournalBatch waiting = uncommitted.drop(place);
        if (waiting != null) {
            waiting.confirm(Place.slot(place));
            return;
        }
        JournalBatch batch = batch();
        if (Place.segment(place) == batch.segment) {
            batch.cancel(Place.slot(place));
        } else {
            batch.settle(place);
            completeIfFull(batch);
            confirmIfUnwritten(place);
        }
    }

    /** What is over need not wait for the disk; to be done last, because whoever hears of it may come back here. */
    private void confirmIfUnwritten(long place) {
        JournalBatch unwritten = uncommitted.find(Place.segment(place));
        if (unwritten != null) {
            unwritten.confirm(Place.slot(place));
        }
    }

    /**
     * Says, at a clean stop, how far a queue had handed out its messages: all that are there up to that place are redelivered
     * after the restart. Before {@link Journal#close(boolean)}.
     *
     * @param priority the level of the queue, 0 if it has but one
     * @param place the greatest that was handed out; {@link Message#NOWHERE} is fine
     */
    public void delivered(long owner, int priority, long place) {
        assertOwned();
        if (place != Message.NOWHERE) {
            handedOut.add(owner, priority, place);
        }
    }

    /** Whether more is waiting for the disk than should, so that no more should be taken from publishers. */
    public boolean isCongested() {
        return waitingBytes() > mostUncommitted;
    }

    /**
     * Whether who has published should wait, see {@link #onRelief}.
     *
     * @param stored whether something of it is to be stored; if not, it waits only while memory is short as well, because
     *     then messages can't leave that any faster than they are written
     */
    public boolean holdsUp(boolean stored) {
        return isCongested() && (stored || paging.pressure() != Pressure.NONE);
    }

    /** Runs a task once on this loop, later, when it is not congested any more by a good margin. */
    public void onRelief(Runnable task) {
        assertOwned();
        if (hasRelief()) {
            loop.execute(task);
        } else {
            reliefs.add(task);
        }
    }

    private boolean hasRelief() {
        return waitingBytes() <= mostUncommitted / 2;
    }

    /** About what is appended and not committed yet, in bytes. */
    private long waitingBytes() {
        JournalBatch batch = current;
        return batch == null ? uncommitted.weight() : uncommitted.weight() + batch.weight();
    }

    /** Whether nothing of this loop waits or is under way. */
    boolean isIdle() {
        return current == null && uncommitted.isEmpty();
    }

    private JournalBatch batch() {
        assertOwned();
        JournalBatch batch = current;
        if (batch == null) {
            batch = newBatch();
            current = batch;
            handOverSoon();
        }
        return batch;
    }

    private JournalBatch newBatch() {
        if (oldestOpen == Long.MAX_VALUE) {
            oldestOpen = journal.lastSegment() + 1; // before the id is taken, so that the thread never misses one
        }
        long id = journal.nextSegment();
        JournalBatch batch = spare;
        if (batch == null) {
            return new JournalBatch(this, id);
        }
        spare = null;
        batch.reset(id);
        return batch;
    }

    /**
     * No batch that the journal's thread has yet to commit for this loop, and that has got its id before this is called, has
     * a smaller id. Any thread.
     */
    long oldestOpen() {
        return oldestOpen;
    }

    private void completeIfFull(JournalBatch batch) {
        if (batch.isFull()) {
            complete();
            handOverComplete();
        }
    }

    private void handOverSoon() {
        if (!planned && uncommitted.underWay() == 0) {
            planned = true;
            loop.execute(this::onPlanned);
        }
    }

    private void onPlanned() {
        planned = false;
        if (uncommitted.underWay() == 0) {
            complete();
            handOverComplete();
        }
    }

    private void complete() {
        JournalBatch batch = current;
        if (batch == null) {
            return;
        }
        current = null;
        if (batch.isVoid()) {
            done(batch);
            relieve();
        } else {
            uncommitted.add(batch);
        }
    }

    private void handOverComplete() {
        JournalBatch next;
        while ((next = uncommitted.next()) != null && hasTurn(next)) {
            handOver();
        }
    }

    private void handOver() {
        JournalBatch batch = uncommitted.handOver();
        paging.countWriting(COPIES * batch.weighed());
        journal.commit(batch);
    }

    /** What is under way is in memory even when the queues have got rid of it, so it should not be much. */
    private boolean hasTurn(JournalBatch next) {
        return uncommitted.underWay() == 0
                || (uncommitted.underWay() < MOST_UNDER_WAY
                        && uncommitted.weightUnderWay() + next.weighed() <= mostUncommitted / 2);
    }

    /** A batch is on disk. */
    void onCommitted(JournalBatch batch) {
        assertOwned();
        uncommitted.remove(batch);
        paging.countWriting(-COPIES * batch.weighed());
        stored = batch.segment;
        batch.tellAll(true);
        done(batch);
        handOverComplete();
        if (uncommitted.underWay() == 0) {
            complete();
            handOverComplete();
        }
        relieve();
    }

    private void relieve() {
        if (!reliefs.isEmpty() && hasRelief()) {
            List<Runnable> relieved = reliefs;
            reliefs = new ArrayList<>();
            relieved.forEach(loop::execute);
        }
    }

    /** Nobody of a batch is to be confirmed; it stays under way until it is on disk all the same. */
    void onRefused(JournalBatch batch) {
        assertOwned();
        batch.tellAll(false);
    }

    /** Batches of a loop are done in the order of their ids. */
    private void done(JournalBatch batch) {
        oldestOpen = isIdle() ? Long.MAX_VALUE : batch.segment + 1;
        if (spare == null && batch.entries() <= LARGEST_SPARE && batch.settlements() <= LARGEST_SPARE) {
            batch.reset(0);
            spare = batch;
        }
    }

    /** Hands over what there is; returns what the queues have said was delivered. */
    HandedOut onClosing() {
        assertOwned();
        complete();
        while (uncommitted.next() != null) {
            handOver();
        }
        return handedOut;
    }

    private void assertOwned() {
        assert loop.inEventLoop() : "not on loop " + loop.index();
    }
}
