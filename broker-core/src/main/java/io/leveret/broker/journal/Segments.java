package io.leveret.broker.journal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * All stored segments, what lives in them, and how much room they take. Owned by the journal's thread; others may ask
 * {@link #rowOf}.
 *
 * <p>A row may go when nothing lives in it and nothing needs its settlements. They are needed as long as the row of a segment
 * they are about has the entries in question and does not say itself that those are over.
 */
final class Segments {
    private final ConcurrentSkipListMap<Long, Segment> rows = new ConcurrentSkipListMap<>();
    /** Rows that are still there and not needed. */
    private final ArrayDeque<Segment> over = new ArrayDeque<>();

    private long storedBytes;
    private long liveBytes;
    private @Nullable Segment lastFound;

    /** The id of the row that has a place now. Any thread. */
    @Nullable Long rowOf(long place) {
        return rows.floorKey(Place.segment(place));
    }

    /** The segment whose row would have a place; null if there is none. */
    @Nullable Segment find(long place) {
        long id = Place.segment(place);
        Segment last = lastFound;
        if (last != null && !last.isGone() && last.id() == id) {
            return last;
        }
        Map.Entry<Long, Segment> floor = rows.floorEntry(id);
        lastFound = floor == null ? null : floor.getValue();
        return lastFound;
    }

    /** A row is there from now on, or takes the place of the one with the same id, which is gone then. */
    void put(Segment segment) {
        rows.put(segment.id(), segment);
        count(segment, 1);
        if (segment.live() == 0) {
            onEmpty(segment);
        }
    }

    /** A row was there at start; {@link #onRestored} is called when all are known. */
    void restore(Segment segment) {
        rows.put(segment.id(), segment);
        count(segment, 1);
    }

    /** All rows are known, and what their settlements are about. */
    void onRestored() {
        List<Segment> empty =
                rows.values().stream().filter(segment -> segment.live() == 0).toList();
        empty.forEach(this::onEmpty);
    }

    /**
     * An entry is over.
     *
     * @param by the segment that says so; null if nothing that is stored says so
     * @return whether it was there and not over before
     */
    boolean settle(@Nullable Segment by, long place) {
        Segment segment = find(place);
        int index = segment == null ? -1 : segment.indexOf(place);
        if (segment == null || index < 0 || segment.isDead(index)) {
            return false;
        }
        count(segment, -1);
        segment.die(index);
        count(segment, 1);
        if (by != null) {
            by.need(segment.pin());
        }
        if (segment.live() == 0) {
            onEmpty(segment);
        }
        return true;
    }

    /** Whether a settlement must be kept because the row it is about does not say it. */
    boolean isNeeded(long place) {
        Segment segment = find(place);
        return segment != null && !segment.isGone() && segment.isSettledElsewhere() && segment.indexOf(place) >= 0;
    }

    /** The row of a segment says itself what is over in it, or is written anew without that, or goes. */
    void lift(Segment segment) {
        Pin pin = segment.takePin();
        if (pin != null) {
            for (Segment waiting : pin.lift()) {
                onEmpty(waiting);
            }
        }
    }

    /**
     * Nothing lives in a segment; it goes when its turn comes, see {@link #takeOver}, or waits until its settlements are not
     * needed. Until it goes, those about it still are: its row has the entries.
     */
    private void onEmpty(Segment segment) {
        if (!segment.isKept()) {
            return;
        }
        Pin pin = segment.firstPin();
        if (pin != null) {
            pin.await(segment);
            return;
        }
        count(segment, -1);
        segment.markOver();
        over.add(segment);
    }

    /** Another segment takes the place of this one, or swallows it; it still has a row, see {@link #remove}. */
    void forget(Segment segment) {
        count(segment, -1);
        segment.markGone();
        lift(segment);
    }

    /** The rows of segments are gone that others have swallowed. */
    void remove(Collection<Long> ids) {
        ids.forEach(rows::remove);
    }

    private void count(Segment segment, int sign) {
        if (!segment.isDamaged()) {
            storedBytes += sign * segment.storedBytes();
            liveBytes += sign * segment.liveBytes();
        }
    }

    /** A row can't be read in part; it stays as it is and is no longer counted. */
    void markDamaged(Segment segment) {
        count(segment, -1);
        segment.markDamaged();
    }

    /**
     * Takes rows that are not needed any more; they are gone. Rows that were kept to say what is over in them may follow.
     *
     * @param taken gets their ids
     * @param most how many it may have
     * @param bytes about how many bytes they may have; one row may have more if there is no other
     * @return how many bytes they have
     */
    long takeOver(List<Long> taken, int most, long bytes) {
        long sum = 0;
        while (taken.size() < most
                && !over.isEmpty()
                && (taken.isEmpty() || sum + over.getFirst().storedBytes() <= bytes)) {
            Segment next = over.removeFirst();
            sum += next.storedBytes();
            taken.add(next.id());
            rows.remove(next.id());
            next.markGone();
            lift(next);
        }
        return sum;
    }

    boolean hasOver() {
        return !over.isEmpty();
    }

    /** Without those that are over. */
    int size() {
        return rows.size() - over.size();
    }

    /** In the order of the ids. */
    Collection<Segment> all() {
        return rows.values();
    }

    /** Those with at least an id, in order. */
    Collection<Segment> from(long id) {
        return rows.tailMap(id).values();
    }

    long storedBytes() {
        return storedBytes;
    }

    long liveBytes() {
        return liveBytes;
    }
}
