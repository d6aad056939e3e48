package io.leveret.broker.journal;

import io.leveret.broker.journal.JournalChanges.DeadSlots;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A journal in memory for tests, which fails, blocks and damages rows on demand. It keeps to the same contract as the one in
 * a database; arrays are copied on the way in and out, so that whoever writes to one afterwards changes nothing here. Any
 * thread may use all of it.
 */
public final class InMemoryMessageJournal implements MessageJournal {
    private final NavigableMap<Long, Row> rows;
    private final Deque<Failure> failures = new ConcurrentLinkedDeque<>();
    private final Deque<RuntimeException> readFailures = new ConcurrentLinkedDeque<>();
    private final Deque<JournalChanges> committed = new ConcurrentLinkedDeque<>();
    private final AtomicInteger tried = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong bytesWritten = new AtomicLong();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean closed;

    /** A row as it would be in a table; {@code dead} is empty when nothing was said. */
    public record Row(byte[] entries, byte[] settlements, byte[] payload, byte[] dead) {
        /** How many bytes it takes. */
        public int size() {
            return entries.length + settlements.length + payload.length + dead.length;
        }

        private Row withDead(byte[] slots) {
            return new Row(entries, settlements, payload, slots.clone());
        }
    }

    /** The parts of a row that can be damaged. */
    public enum Part {
        ENTRIES,
        SETTLEMENTS,
        PAYLOAD,
        DEAD
    }

    private record Failure(RuntimeException exception, boolean made) {}

    public InMemoryMessageJournal() {
        this(new TreeMap<>());
    }

    private InMemoryMessageJournal(Map<Long, Row> rows) {
        this.rows = new ConcurrentSkipListMap<>(rows);
    }

    /** Another journal with what is in this one now, as a process finds it that starts after this one has ended. */
    public InMemoryMessageJournal restarted() {
        synchronized (rows) {
            InMemoryMessageJournal next = new InMemoryMessageJournal(rows);
            next.committed.addAll(committed);
            return next;
        }
    }

    /**
     * Lets the next commits fail, one after the other. An {@link UnsyncedCommitException} comes after the changes were made,
     * any other in their place.
     */
    public void failNextCommits(int count, RuntimeException exception) {
        failNextCommits(count, exception, exception instanceof UnsyncedCommitException);
    }

    /** Lets the next commits be made and fail all the same, as when a connection is lost before the answer comes. */
    public void failNextCommitsOnceMade(int count, RuntimeException exception) {
        failNextCommits(count, exception, true);
    }

    private void failNextCommits(int count, RuntimeException exception, boolean made) {
        for (int i = 0; i < count; i++) {
            failures.add(new Failure(exception, made));
        }
    }

    /** Lets the next reads fail. */
    public void failNextReads(int count, RuntimeException exception) {
        for (int i = 0; i < count; i++) {
            readFailures.add(exception);
        }
    }

    /** Nothing fails from now on. */
    public void stopFailing() {
        failures.clear();
        readFailures.clear();
    }

    /** Commits wait from now on, before they change anything. */
    public void blockCommits() {
        if (gate.getCount() == 0) {
            gate = new CountDownLatch(1);
        }
    }

    /** Lets those go on that wait. */
    public void releaseCommits() {
        gate.countDown();
    }

    /** How many commits wait now. */
    public int waitingCommits() {
        return waiting.get();
    }

    /** How many commits were begun, failed ones included. */
    public int triedCommits() {
        return tried.get();
    }

    /** How many commits returned. */
    public int commits() {
        return commits.get();
    }

    /** How many times a segment was read. */
    public int reads() {
        return reads.get();
    }

    /** How many bytes were written in all, in rows that may be gone since. */
    public long bytesWritten() {
        return bytesWritten.get();
    }

    /** What was committed, in order, here and in the journals before this one. */
    public Iterable<JournalChanges> history() {
        return new ArrayDeque<>(committed);
    }

    /** What there is now, in the order of the ids. */
    public NavigableMap<Long, Row> rows() {
        return new TreeMap<>(rows);
    }

    /** How many bytes all rows take. */
    public long size() {
        return rows.values().stream().mapToLong(Row::size).sum();
    }

    /** Turns one bit of a row round. */
    public void damage(long id, Part part, int offset) {
        change(id, part, bytes -> {
            byte[] damaged = bytes.clone();
            damaged[offset] ^= 0x10;
            return damaged;
        });
    }

    /** Cuts off what is after a place, as when a write was not completed. */
    public void truncate(long id, Part part, int length) {
        change(id, part, bytes -> Arrays.copyOf(bytes, length));
    }

    /** Takes a row away behind the journal's back. */
    public void lose(long id) {
        rows.remove(id);
    }

    private void change(long id, Part part, UnaryOperator<byte[]> change) {
        rows.computeIfPresent(
                id,
                (key, row) -> new Row(
                        part == Part.ENTRIES ? change.apply(row.entries) : row.entries,
                        part == Part.SETTLEMENTS ? change.apply(row.settlements) : row.settlements,
                        part == Part.PAYLOAD ? change.apply(row.payload) : row.payload,
                        part == Part.DEAD ? change.apply(row.dead) : row.dead));
    }

    @Override
    public void loadSettlements(SettlementsVisitor visitor) {
        assertOpen();
        rows.forEach((id, row) -> visitor.segment(id, row.settlements.clone(), row.dead.clone()));
    }

    @Override
    public void loadEntries(EntriesVisitor visitor) {
        assertOpen();
        rows.forEach((id, row) -> visitor.segment(id, row.entries.clone()));
    }

    @Override
    public void commit(JournalChanges changes) {
        assertOpen();
        tried.incrementAndGet();
        waiting.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalException("interrupted", e);
        } finally {
            waiting.decrementAndGet();
        }
        Failure failure = failures.poll();
        synchronized (rows) {
            if (failure == null || failure.made) {
                make(changes);
            }
            if (failure != null) {
                throw failure.exception;
            }
            committed.add(changes);
        }
        commits.incrementAndGet();
    }

    private void make(JournalChanges changes) {
        for (JournalSegment segment : changes.added()) {
            put(segment, new byte[0]);
        }
        for (JournalSegment segment : changes.rewritten()) {
            Row before = rows.get(segment.id());
            put(segment, before == null ? new byte[0] : before.dead);
        }
        for (DeadSlots dead : changes.dead()) {
            rows.computeIfPresent(dead.id(), (id, row) -> row.withDead(dead.slots()));
            bytesWritten.addAndGet(dead.slots().length);
        }
        for (Long id : changes.removed()) {
            rows.remove(id);
        }
    }

    private void put(JournalSegment segment, byte[] dead) {
        Row row = new Row(
                segment.entries().clone(),
                segment.settlements().clone(),
                segment.payload().clone(),
                dead);
        rows.put(segment.id(), row);
        bytesWritten.addAndGet(row.size());
    }

    @Override
    public @Nullable JournalSegment read(long id) {
        assertOpen();
        reads.incrementAndGet();
        RuntimeException failure = readFailures.poll();
        if (failure != null) {
            throw failure;
        }
        Row row = rows.get(id);
        return row == null
                ? null
                : new JournalSegment(id, row.entries.clone(), row.settlements.clone(), row.payload.clone());
    }

    @Override
    public void close() {
        closed = true;
        releaseCommits();
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    private void assertOpen() {
        if (closed) {
            throw new JournalException("the journal is closed", null);
        }
    }
}
