package io.leveret.broker.journal;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;

/**
 * The journal of a broker: recovers what was there, then commits what the loops append, in groups, with one thread of its
 * own.
 */
public final class Journal implements AutoCloseable {
    private static final int MOST_BATCHES_WAITING = 1 << 14;
    private static final int MOST_BATCHES_AT_ONCE = 16;
    private static final int CLOSE_SECONDS = 10;

    private final MessageJournal store;
    private final OwnerIds ids;
    private final List<LoopJournal> loops = new ArrayList<>();
    private final AtomicLong lastSegment = new AtomicLong();
    private final MpscBlockingConsumerArrayQueue<JournalBatch> waiting =
            new MpscBlockingConsumerArrayQueue<>(MOST_BATCHES_WAITING);
    /** Ends the thread. */
    private final JournalBatch last;

    private final Thread thread;
    private final Map<Long, RecoveredEntries> recovered = new HashMap<>();

    /**
     * Reads what is there.
     *
     * @param store closed with the journal
     * @param ids hears of the owners of all entries
     * @throws JournalException if it can't be read
     */
    public static Journal open(String brokerName, MessageJournal store, List<? extends EventLoop> loops, OwnerIds ids) {
        Journal journal = new Journal(brokerName, store, loops, ids);
        journal.recover();
        journal.thread.start();
        return journal;
    }

    private Journal(String brokerName, MessageJournal store, List<? extends EventLoop> loops, OwnerIds ids) {
        this.store = store;
        this.ids = ids;
        for (EventLoop loop : loops) {
            this.loops.add(new LoopJournal(loop, this));
        }
        last = new JournalBatch(this.loops.get(0), 0);
        thread = new Thread(this::run, "broker-" + brokerName + "-journal");
        thread.setDaemon(true);
    }

    private void recover() {
        Set<Long> settled = new HashSet<>();
        store.loadSettlements((id, settlements, dead) -> {
            lastSegment.accumulateAndGet(id, Math::max);
            for (long place : SegmentSettlements.places(settlements)) {
                settled.add(place);
            }
        });
        store.loadEntries((id, bytes) -> {
            SegmentEntries entries = SegmentEntries.decode(bytes);
            JournalSegment segment = store.read(id);
            if (entries == null || segment == null) {
                return;
            }
            for (int slot = 0; slot < entries.count(); slot++) {
                ids.seen(entries.owner(slot));
                if (!entries.isVoid(slot) && entries.isLasting(slot) && !settled.contains(Place.of(id, slot))) {
                    Message message = entries.message(id, slot, segment.payload());
                    if (message != null) {
                        recovered
                                .computeIfAbsent(entries.owner(slot), owner -> new RecoveredEntries())
                                .add(message);
                    }
                }
            }
        });
    }

    /** The part of a loop. */
    public LoopJournal on(EventLoop loop) {
        return loops.get(loop.index());
    }

    /** Gives away what is there for an owner. Before the broker is used, by one thread. */
    public RecoveredEntries takeRecovered(long owner) {
        RecoveredEntries entries = recovered.remove(owner);
        return entries == null ? new RecoveredEntries() : entries;
    }

    long nextSegment() {
        return lastSegment.incrementAndGet();
    }

    /** Takes a batch; it comes back to {@link LoopJournal#onCommitted} on its loop. */
    void commit(JournalBatch batch) {
        waiting.offer(batch);
    }

    private void run() {
        List<JournalBatch> batches = new ArrayList<>();
        try {
            boolean open = true;
            while (open) {
                batches.add(waiting.take());
                waiting.drain(batches::add, MOST_BATCHES_AT_ONCE - 1);
                open = !batches.remove(last);
                if (!batches.isEmpty()) {
                    commit(batches);
                    batches.clear();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void commit(List<JournalBatch> batches) {
        List<JournalSegment> segments = new ArrayList<>(batches.size());
        for (JournalBatch batch : batches) {
            segments.add(SegmentEntries.encode(batch));
        }
        store.commit(new JournalChanges(segments, List.of(), List.of(), List.of()));
        for (JournalBatch batch : batches) {
            batch.loop.loop().execute(() -> batch.loop.onCommitted(batch));
        }
    }

    /** Commits what was handed over, then closes the store. The loops must still run. */
    @Override
    public void close() {
        waiting.offer(last);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
