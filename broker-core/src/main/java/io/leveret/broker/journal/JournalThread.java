package io.leveret.broker.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the one thread of a journal does: takes the batches that the loops have handed over meanwhile, commits them together,
 * and tells the loops. When that fails it tries the same again until it works or the broker stops.
 */
final class JournalThread implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(JournalThread.class);
    private static final int MOST_AT_ONCE = 16;

    private final MessageJournal store;
    /** Without locks, and never long: a loop hands over some batches at most before it gets one back. */
    private final LinkedTransferQueue<JournalBatch> waiting = new LinkedTransferQueue<>();

    private final Outage outage = new Outage();
    private final CommitPlanner planner;
    private final LongSupplier oldestOpen;
    private final long mostBytesAtOnce;
    /** Ends the thread. */
    private final JournalBatch last;

    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long closeByNanos;
    private volatile @Nullable JournalSegment closingSegment;
    private volatile JournalState state = JournalState.AVAILABLE;

    /**
     * @param oldestOpen no batch that comes later has a smaller id than this says
     * @param mostBytesAtOnce of messages in one commit, which takes some times as much memory; one batch may have more
     * @param last comes after all others and is none itself
     */
    JournalThread(
            MessageJournal store,
            CommitPlanner planner,
            LongSupplier oldestOpen,
            long mostBytesAtOnce,
            JournalBatch last) {
        this.store = store;
        this.planner = planner;
        this.oldestOpen = oldestOpen;
        this.mostBytesAtOnce = mostBytesAtOnce;
        this.last = last;
    }

    JournalState state() {
        return state;
    }

    /** Takes a batch; it comes back to {@link LoopJournal#onCommitted} on its loop. Any thread. */
    void take(JournalBatch batch) {
        waiting.add(batch);
    }

    /**
     * Ends the thread when it has committed what was handed over; attempts that fail end after a while.
     *
     * @param segment to be written after everything else; null for none
     */
    void end(@Nullable JournalSegment segment, long patienceMillis) {
        closingSegment = segment;
        closeByNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        closing.countDown();
        waiting.add(last);
    }

    @Override
    public void run() {
        List<JournalBatch> batches = new ArrayList<>();
        try {
            boolean open = true;
            while (open) {
                JournalBatch first = planner.isDue() ? waiting.poll() : waiting.take();
                if (first != null) {
                    batches.add(first);
                    takeMore(batches);
                }
                open = !batches.remove(last);
                boolean committed = commit(batches);
                if (!open && committed) {
                    commitClosingSegment();
                }
                batches.clear();
            }
            state = JournalState.CLOSED;
        } catch (InterruptedException ended) {
            state = JournalState.CLOSED;
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error defect) {
            state = JournalState.BROKEN;
            log.error("the journal stops because of a defect; nothing is stored or confirmed any more", defect);
            refuseFromNowOn(batches);
        }
    }

    /** Takes what waits, but no more than should be in one commit. */
    private void takeMore(List<JournalBatch> batches) {
        long bytes = batches.get(0).bytes();
        JournalBatch next;
        while (batches.size() < MOST_AT_ONCE
                && (next = waiting.peek()) != null
                && (bytes += next.bytes()) <= mostBytesAtOnce) {
            batches.add(waiting.remove());
        }
    }

    private boolean commit(List<JournalBatch> batches) throws InterruptedException {
        ChangesBuilder changes = planner.plan(batches, oldestOpen.getAsLong());
        boolean made = changes.isEmpty() || commit(changes.build(), batches);
        if (made) {
            planner.onCommitted(changes);
            for (JournalBatch batch : batches) {
                batch.loop.loop().execute(batch);
            }
        }
        return made;
    }

    /** Makes changes; returns false if that failed until it was time to stop. */
    private boolean commit(JournalChanges changes, List<JournalBatch> batches) throws InterruptedException {
        while (true) {
            try {
                store.commit(changes);
                outage.onSuccess(System.nanoTime());
                state = JournalState.AVAILABLE;
                return true;
            } catch (UnsyncedCommitException e) {
                // what a loop has been told can't be taken back, so nobody is confirmed whatever becomes of it
                refuse(batches);
                pause(e);
            } catch (RuntimeException e) {
                pause(e);
            }
            if (closing.getCount() == 0 && System.nanoTime() - closeByNanos >= 0) {
                log.error("the journal stops without having committed what was handed over last");
                return false;
            }
        }
    }

    private void pause(RuntimeException failure) throws InterruptedException {
        state = JournalState.FAILING;
        long millis = outage.onFailure(failure, System.nanoTime());
        if (closing.await(millis, TimeUnit.MILLISECONDS)) {
            // the latch no longer waits, but hammering a database that is gone helps nobody
            TimeUnit.MILLISECONDS.sleep(Math.min(millis, 100));
        }
    }

    private static void refuse(List<JournalBatch> batches) {
        for (JournalBatch batch : batches) {
            batch.loop.loop().execute(() -> batch.loop.onRefused(batch));
        }
    }

    private void refuseFromNowOn(List<JournalBatch> batches) {
        List<JournalBatch> lost = new ArrayList<>(batches);
        try {
            while (!lost.remove(last)) {
                refuse(lost);
                lost.clear();
                lost.add(waiting.take());
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void commitClosingSegment() throws InterruptedException {
        JournalSegment segment = closingSegment;
        if (segment != null) {
            commit(new JournalChanges(List.of(segment), List.of(), List.of(), List.of()), List.of());
        }
    }
}
