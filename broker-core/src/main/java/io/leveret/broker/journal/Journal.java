package io.leveret.broker.journal;

import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a broker: recovers what was there, then commits what the loops append, in groups, with one thread of its
 * own.
 */
public final class Journal implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final long CLOSE_MILLIS = 10_000;
    private static final int MOST_READ_ATTEMPTS = 200;
    private static final long READ_AGAIN_NANOS = 1_000_000;
    private static final int PARTS_OF_HEAP = 16;
    private static final int PARTS_OF_HEAP_IN_A_COMMIT = 64;
    private static final long LEAST_UNCOMMITTED = 1L << 20;
    private static final long MOST_UNCOMMITTED = 16L << 20;

    private final MessageJournal store;
    private final List<LoopJournal> loops = new ArrayList<>();
    private final AtomicLong lastSegment = new AtomicLong();
    private final Segments segments = new Segments();
    private final JournalThread work;
    private final Thread thread;
    private final Recovery recovery;
    private final SegmentReader reader;

    /**
     * Reads what is there. What is appended meanwhile is committed after {@link #start}.
     *
     * @param store closed with the journal
     * @param ids hears of the owners of all entries
     * @throws JournalException if it can't be read
     */
    public static Journal open(String brokerName, MessageJournal store, List<? extends EventLoop> loops, OwnerIds ids) {
        return open(brokerName, store, loops, ids, new MemoryInUse(loops.size()));
    }

    /**
     * The same.
     *
     * @param memory says when messages that are on disk are to leave it
     */
    public static Journal open(
            String brokerName,
            MessageJournal store,
            List<? extends EventLoop> loops,
            OwnerIds ids,
            MemoryInUse memory) {
        Journal journal = new Journal(brokerName, store, loops, ids, memory);
        journal.recover();
        return journal;
    }

    private Journal(
            String brokerName,
            MessageJournal store,
            List<? extends EventLoop> loops,
            OwnerIds ids,
            MemoryInUse memory) {
        this.store = store;
        this.recovery = new Recovery(store, ids, segments);
        this.reader = new SegmentReader(brokerName, this);
        long share = Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP / loops.size();
        long mostUncommitted = Math.max(LEAST_UNCOMMITTED, Math.min(MOST_UNCOMMITTED, share));
        for (EventLoop loop : loops) {
            LoopPaging paging = new LoopPaging(loop, memory, reader);
            this.loops.add(new LoopJournal(loop, this, mostUncommitted, paging));
        }
        CommitPlanner planner = new CommitPlanner(segments, new Tidying(store, segments));
        work = new JournalThread(
                store,
                planner,
                this::oldestOpen,
                Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP_IN_A_COMMIT,
                new JournalBatch(this.loops.get(0), 0));
        thread = new Thread(work, "broker-" + brokerName + "-journal");
        thread.setDaemon(true);
    }

    private void recover() {
        recovery.run();
        lastSegment.set(recovery.lastSegment());
        for (LoopJournal loop : loops) {
            loop.recovered(recovery.lastSegment());
        }
        List<Long> over = recovery.closingSegments();
        if (!over.isEmpty()) {
            // what it says is no longer true as soon as anything is handed out
            store.commit(new JournalChanges(List.of(), List.of(), List.of(), over));
        }
    }

    /** No batch that the thread has not got yet has a smaller id, unless it is greater than those of all that it has got. */
    private long oldestOpen() {
        long oldest = Long.MAX_VALUE;
        for (LoopJournal loop : loops) {
            oldest = Math.min(oldest, loop.oldestOpen());
        }
        return oldest;
    }

    /** The part of a loop. */
    public LoopJournal on(EventLoop loop) {
        return loops.get(loop.index());
    }

    /** Gives away what is there for an owner. Before {@link #start}, by one thread. */
    public RecoveredEntries takeRecovered(long owner) {
        return recovery.take(owner);
    }

    /**
     * Reads the messages of entries, see {@link RecoveredEntries#messages}; those that are damaged are reported and left out.
     * Blocks.
     *
     * @return the entries
     * @throws JournalException if they can't be read now
     */
    public RecoveredEntries readNow(RecoveredEntries entries) {
        List<Message> messages = new ArrayList<>(entries.size());
        StoredSegment segment = null;
        for (int i = 0; i < entries.size(); i++) {
            long place = entries.place(i);
            if (segment == null || !segment.mayHave(place)) {
                segment = read(place);
            }
            if (segment == null) {
                log.atError().addKeyValue("segment", Place.segment(place)).log("a row of the journal can't be read");
            }
            Message message = segment == null ? null : segment.message(place);
            if (message != null) {
                messages.add(message);
            }
        }
        entries.loaded(messages);
        return entries;
    }

    /**
     * Reads the segment that has a place, of an entry that is committed and not settled; it has all others around it that
     * were there when it was read. Blocks; any thread but an event loop.
     *
     * @return null if it is gone or damaged
     * @throws JournalException if it can't be read now
     */
    @Nullable StoredSegment read(long place) {
        for (int attempt = 0; attempt < MOST_READ_ATTEMPTS; attempt++) {
            Long id = segments.rowOf(place);
            JournalSegment row = id == null ? null : store.read(id);
            if (row != null) {
                SegmentEntries entries = SegmentEntries.decode(row.id(), row.entries());
                if (entries == null) {
                    return null;
                }
                if (entries.indexOf(place) >= 0) {
                    return new StoredSegment(entries, row.payload());
                }
            }
            // another row has swallowed it in a commit that is just being made
            LockSupport.parkNanos(READ_AGAIN_NANOS);
        }
        if (work.state() == JournalState.FAILING) {
            throw new JournalException("segment " + Place.segment(place) + " can't be found now", null);
        }
        return null;
    }

    /**
     * Begins to commit. What nobody has taken belongs to nobody any more and is forgotten.
     */
    public void start() {
        long forgotten = 0;
        for (RecoveredEntries untaken : recovery.takeAll()) {
            for (int i = 0; i < untaken.size(); i++) {
                segments.settle(null, untaken.place(i));
            }
            forgotten += untaken.size();
        }
        if (forgotten > 0) {
            log.atInfo().addKeyValue("messages", forgotten).log("the journal forgets what is in queues that are gone");
        }
        thread.start();
        reader.start();
    }

    /** How it is doing; any thread. */
    public JournalState state() {
        return work.state();
    }

    /** Whether commits work, as far as anybody knows; any thread. */
    public boolean isAvailable() {
        return work.state() == JournalState.AVAILABLE;
    }

    long nextSegment() {
        return lastSegment.incrementAndGet();
    }

    /** The greatest id that was given. */
    long lastSegment() {
        return lastSegment.get();
    }

    /** Takes a batch; it comes back to {@link LoopJournal#onCommitted} on its loop. */
    void commit(JournalBatch batch) {
        work.take(batch);
    }

    /** Closes it as after a stop in which nobody knows what was handed out. */
    @Override
    public void close() {
        close(false);
    }

    /**
     * Commits what was appended, then closes the store. The loops must still run; blocks for some seconds if they don't, or if
     * commits fail.
     *
     * @param clean whether all queues have said how far they had handed out, see {@link LoopJournal#delivered}, and hand out
     *     nothing more
     */
    public void close(boolean clean) {
        if (thread.isAlive()) {
            HandedOut handedOut = collect();
            work.end(clean && handedOut != null ? closingSegment(handedOut) : null, CLOSE_MILLIS);
            try {
                thread.join(2 * CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        reader.close();
        store.close();
    }

    /** Lets the loops hand over what they have; returns null if they don't. */
    private @Nullable HandedOut collect() {
        List<CompletableFuture<HandedOut>> parts = loops.stream()
                .map(loop -> CompletableFuture.supplyAsync(loop::onClosing, loop.loop()))
                .toList();
        HandedOut all = new HandedOut();
        try {
            for (CompletableFuture<HandedOut> part : parts) {
                all.addAll(part.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS));
            }
            return all;
        } catch (TimeoutException e) {
            log.warn("the journal closes without what the loops have not handed over: they don't answer");
        } catch (ExecutionException e) {
            log.error("the journal closes without what a loop has not handed over", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private JournalSegment closingSegment(HandedOut handedOut) {
        return new JournalSegment(
                nextSegment(), handedOut.toBytes(), SegmentSettlements.encode(new long[0], 0), new byte[0]);
    }
}
