package io.leveret.broker.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one loop that are complete and not on disk yet, by ascending segments: first those that are with the
 * journal's thread, then those that wait for their turn. Owned by that loop.
 */
final class UncommittedBatches {
    private @Nullable JournalBatch[] ring = new JournalBatch[16];
    private int first;
    private int size;
    private int underWay;
    private long weightUnderWay;
    private long weight;

    boolean isEmpty() {
        return size == 0;
    }

    /** How many are with the thread. */
    int underWay() {
        return underWay;
    }

    /** What those weigh that are with the thread. */
    long weightUnderWay() {
        return weightUnderWay;
    }

    /** What all of them weigh, in bytes. */
    long weight() {
        return weight;
    }

    /** Adds one that waits. */
    void add(JournalBatch batch) {
        if (size == ring.length) {
            grow();
        }
        ring[slot(size++)] = batch;
        weight += batch.weigh();
    }

    private void grow() {
        @Nullable JournalBatch[] wider = new JournalBatch[ring.length * 2];
        for (int i = 0; i < size; i++) {
            wider[i] = ring[slot(i)];
        }
        ring = wider;
        first = 0;
    }

    /** The next that waits; null if none does. */
    @Nullable JournalBatch next() {
        return underWay < size ? ring[slot(underWay)] : null;
    }

    /** The next that waits, which goes to the thread now; there must be one. */
    JournalBatch handOver() {
        JournalBatch batch = get(underWay++);
        weightUnderWay += batch.weighed();
        return batch;
    }

    /** One is on disk: the first. */
    void remove(JournalBatch batch) {
        assert get(0) == batch : "committed out of turn";
        ring[first] = null;
        first = slot(1);
        size--;
        underWay--;
        weightUnderWay -= batch.weighed();
        weight -= batch.weighed();
    }

    /** The one that will be a segment; null if it is on disk, or not complete. */
    @Nullable JournalBatch find(long segment) {
        int index = indexOf(segment);
        return index < 0 ? null : get(index);
    }

    /**
     * Takes an entry back that need not be written any more, if its batch still waits here. Nobody is told.
     *
     * @return the batch; null if the thread has it or had it
     */
    @Nullable JournalBatch drop(long place) {
        int index = underWay == size ? -1 : indexOf(Place.segment(place));
        if (index < underWay) {
            return null;
        }
        JournalBatch batch = get(index);
        weight -= batch.weighed();
        batch.drop(Place.slot(place));
        weight += batch.weigh();
        return batch;
    }

    /** Negative if there is none. */
    private int indexOf(long segment) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = get(middle).segment;
            if (found == segment) {
                return middle;
            }
            if (found < segment) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private JournalBatch get(int index) {
        JournalBatch batch = ring[slot(index)];
        if (batch == null || index >= size) {
            throw new IllegalStateException("no batch " + index + " of " + size + " in " + Arrays.toString(ring));
        }
        return batch;
    }

    private int slot(int index) {
        return (first + index) & (ring.length - 1);
    }
}
