package io.leveret.broker.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A set of places: a bit each, by segments, in a table with open addressing. */
final class PlaceSet {
    private static final int INITIAL = 64;

    /** 0 where there is nothing, which is the id of no segment. */
    private long[] segments = new long[INITIAL];

    private long[] @Nullable [] slots = new long[INITIAL][];
    private int size;

    void add(long place) {
        int at = find(Place.segment(place));
        if (segments[at] == 0) {
            if (size * 2 >= segments.length) {
                grow();
                at = find(Place.segment(place));
            }
            segments[at] = Place.segment(place);
            size++;
        }
        int slot = Place.slot(place);
        long[] bits = slots[at];
        if (bits == null) {
            bits = new long[(slot >> 6) + 1];
        } else if (slot >> 6 >= bits.length) {
            bits = Arrays.copyOf(bits, Math.max((slot >> 6) + 1, bits.length * 2));
        }
        slots[at] = bits;
        bits[slot >> 6] |= 1L << slot;
    }

    boolean contains(long place) {
        long[] bits = slots[find(Place.segment(place))];
        int slot = Place.slot(place);
        return bits != null && slot >> 6 < bits.length && (bits[slot >> 6] & 1L << slot) != 0;
    }

    private int find(long segment) {
        int mask = segments.length - 1;
        int at = (int) (segment * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (segments[at] != 0 && segments[at] != segment) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldSegments = segments;
        long[] @Nullable [] oldSlots = slots;
        segments = new long[oldSegments.length * 2];
        slots = new long[segments.length][];
        for (int i = 0; i < oldSegments.length; i++) {
            if (oldSegments[i] != 0) {
                int at = find(oldSegments[i]);
                segments[at] = oldSegments[i];
                slots[at] = oldSlots[i];
            }
        }
    }
}
