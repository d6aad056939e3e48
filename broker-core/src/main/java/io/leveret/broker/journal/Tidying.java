package io.leveret.broker.journal;

import io.leveret.broker.journal.JournalChanges.DeadSlots;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is stored in proportion to what lives: when too much is wasted, it writes sparse segments anew and lets segments
 * say themselves what is over in them, so that rows can go that were kept to say it. When there are too many small rows it
 * puts neighbours together. A little with each commit, so that nobody waits long. Owned by the journal's thread.
 */
final class Tidying {
    private static final Logger log = LoggerFactory.getLogger(Tidying.class);

    /** So much waste is never worth the trouble. */
    private static final long LEAST_WASTE = 32L << 20;

    private static final int LEAST_ROWS = 1024;
    private static final int ROWS_PER_FULL_SEGMENT = 8;
    private static final int MOST_ENTRIES = 8192;
    /** How many ids a row may stand for; the keys of entries are 31 bits. */
    private static final long MOST_IDS = 1L << 14;

    private static final int MOST_MERGED_AT_ONCE = 64;
    private static final int FEWEST_MERGED = 4;
    private static final int CANDIDATES = 64;
    /** What it costs about to touch a row, in bytes. */
    private static final long ROW_COST = 8 * 1024;

    /** How many bytes must be gained for each that it costs. */
    private static final double LEAST_WORTH = 0.1;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Segments segments;
    private final Rewriting rewriting;
    private final long leastWaste;
    private final int leastRows;
    private final long rowCost;
    private final Deque<Segment> candidates = new ArrayDeque<>();
    private long mergeFrom;
    /** What rows were left when there was nothing to merge. */
    private int unmergeable;

    /** No search for waste before that, because the last one found nothing that pays. */
    private long searchAfterNanos = System.nanoTime();

    private long pausedUntilNanos = searchAfterNanos;

    Tidying(MessageJournal store, Segments segments) {
        this(store, segments, LEAST_WASTE, LEAST_ROWS, ROW_COST);
    }

    /**
     * @param leastWaste as many bytes may be wasted however little lives
     * @param leastRows as many rows may be there however little lives
     * @param rowCost what it costs about to touch a row, in bytes
     */
    Tidying(MessageJournal store, Segments segments, long leastWaste, int leastRows, long rowCost) {
        this.segments = segments;
        this.rewriting = new Rewriting(store, segments);
        this.leastWaste = leastWaste;
        this.leastRows = leastRows;
        this.rowCost = rowCost;
    }

    /** Whether there is something to do now. */
    boolean isDue() {
        long now = System.nanoTime();
        return now - pausedUntilNanos >= 0
                && (isWasteful() && (!candidates.isEmpty() || now - searchAfterNanos >= 0) || hasTooManyRows());
    }

    private boolean isWasteful() {
        long live = segments.liveBytes();
        return segments.storedBytes() - live > Math.max(leastWaste, live / 2);
    }

    private boolean hasTooManyRows() {
        unmergeable = Math.min(unmergeable, segments.size());
        long allowed = leastRows + ROWS_PER_FULL_SEGMENT * segments.liveBytes() / JournalSegment.PAYLOAD_BYTES;
        return segments.size() > Math.max(allowed, unmergeable + leastRows / 2);
    }

    /**
     * Adds to what is to be committed.
     *
     * @param budget about how many bytes may be written for it
     * @param below only segments with lesser ids may be put together
     */
    void plan(ChangesBuilder changes, long budget, long below) {
        if (!isDue()) {
            return;
        }
        try {
            if (isWasteful()) {
                reduceWaste(changes, budget);
            }
            if (hasTooManyRows()) {
                merge(changes, below);
            }
        } catch (JournalException e) {
            pausedUntilNanos = System.nanoTime() + PAUSE_NANOS;
            log.atWarn().addKeyValue("reason", e.getMessage()).log("the journal can't be tidied now");
        }
    }

    private void reduceWaste(ChangesBuilder changes, long budget) {
        long left = budget;
        boolean searched = false;
        while (left > 0 && isWasteful()) {
            Segment segment = candidates.poll();
            if (segment == null) {
                if (searched) {
                    return;
                }
                searched = true;
                search();
                if (candidates.isEmpty()) {
                    searchAfterNanos = System.nanoTime() + PAUSE_NANOS;
                }
            } else if (!changes.rewrites(segment.id()) && gain(segment) > LEAST_WORTH * cost(segment)) {
                left -= free(segment, changes);
            }
        }
    }

    /** Finds the segments where the effort pays best. */
    private void search() {
        PriorityQueue<Candidate> best = new PriorityQueue<>(Comparator.comparingDouble(Candidate::worth));
        for (Segment segment : segments.all()) {
            double worth = (double) gain(segment) / cost(segment);
            if (worth > LEAST_WORTH) {
                best.add(new Candidate(segment, worth));
                if (best.size() > CANDIDATES) {
                    best.poll();
                }
            }
        }
        Candidate next;
        while ((next = best.poll()) != null) {
            candidates.addFirst(next.segment);
        }
    }

    private record Candidate(Segment segment, double worth) {}

    private long gain(Segment segment) {
        if (!segment.isKept()) {
            return 0;
        }
        return canBeFreed(segment)
                ? segment.storedBytes()
                : segment.storedBytes() - segment.liveBytes() - segment.neededBytes();
    }

    private long cost(Segment segment) {
        return canBeFreed(segment)
                ? rowCost * segment.neededPins()
                : rowCost + segment.liveBytes() + segment.neededBytes();
    }

    /** Whether nothing lives in it, and few segments would have to say what its settlements say. */
    private boolean canBeFreed(Segment segment) {
        return segment.live() == 0 && segment.neededPins() * rowCost <= 2 * segment.storedBytes();
    }

    /** Returns how many bytes that will write. */
    private long free(Segment segment, ChangesBuilder changes) {
        if (canBeFreed(segment)) {
            long written = 0;
            for (Pin pin : segment.allPins()) {
                written += absorb(pin.about(), changes);
            }
            return written;
        }
        return rowCost + rewriting.rewrite(List.of(segment), changes);
    }

    /** Lets a segment say itself what is over in it, so that nobody else need. */
    private long absorb(Segment segment, ChangesBuilder changes) {
        if (segment.isGone() || segment.isOver() || !segment.isSettledElsewhere()) {
            return 0;
        }
        byte[] dead = SegmentDead.encode(segment.deadEntries());
        changes.dead.removeIf(other -> other.id() == segment.id());
        changes.dead.add(new DeadSlots(segment.id(), dead));
        segment.markDeadStored();
        segments.lift(segment);
        return rowCost + dead.length;
    }

    /** Puts runs of small neighbours together, beginning where it stopped the last time. */
    private void merge(ChangesBuilder changes, long below) {
        List<Segment> run = new ArrayList<>();
        int looked = 0;
        for (Segment segment : segments.from(mergeFrom)) {
            if (segment.id() >= below
                    || changes.rewrites(segment.id())
                    || looked++ == CANDIDATES * MOST_MERGED_AT_ONCE) {
                break;
            }
            if (!run.isEmpty() && !fits(run, segment)) {
                if (run.size() >= FEWEST_MERGED) {
                    break;
                }
                run.clear();
            }
            if (fits(run, segment)) {
                run.add(segment);
            }
            mergeFrom = segment.id() + 1;
        }
        if (run.size() >= FEWEST_MERGED) {
            mergeFrom = run.get(0).id();
            rewriting.rewrite(run, changes);
        } else if (segments.from(mergeFrom).stream().noneMatch(segment -> segment.id() < below)) {
            mergeFrom = 0;
            unmergeable = segments.size();
        }
    }

    private static boolean fits(List<Segment> run, Segment next) {
        if (!next.isKept()) {
            return false;
        }
        long bytes = next.storedBytes();
        int entries = next.live();
        for (Segment segment : run) {
            bytes += segment.storedBytes();
            entries += segment.live();
        }
        return bytes <= JournalSegment.PAYLOAD_BYTES
                && entries <= MOST_ENTRIES
                && run.size() < MOST_MERGED_AT_ONCE
                && (run.isEmpty() || next.lastSegment() - run.get(0).id() < MOST_IDS);
    }
}
