package io.leveret.broker.journal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a stored segment: which of its entries live, and what its settlements are about. Owned by the journal's
 * thread.
 */
final class Segment {
    private static final Pin[] NO_PINS = new Pin[0];

    private final long id;
    private final int count;
    /** By how much the place of each entry is behind the first one; null if that is its index. */
    private final int @Nullable [] keys;

    private final EntrySizes sizes;
    private final long entryBytes;
    private long settlementBytes;
    private final long[] dead;
    private int live;
    private long liveSizes;
    private @Nullable Pin pin;
    private Pin[] pins = NO_PINS;
    private int pinCount;
    /** How many it has had in all. */
    private int pinTotal;

    private boolean damaged;
    private boolean over;
    private boolean gone;
    private boolean deadIsStored;

    /** @param settlementBytes how many bytes its settlements take */
    Segment(SegmentEntries entries, long settlementBytes) {
        id = entries.segment();
        count = entries.count();
        int[] found = new int[count];
        int[] lengths = new int[count];
        boolean dense = true;
        long payload = 0;
        for (int i = 0; i < count; i++) {
            found[i] = entries.key(i);
            lengths[i] = entries.payloadLength(i) + SegmentEntries.ENTRY_BYTES;
            payload += lengths[i];
            dense &= found[i] == i;
        }
        keys = dense ? null : found;
        sizes = EntrySizes.of(lengths, count);
        entryBytes = payload;
        this.settlementBytes = settlementBytes;
        dead = new long[(count + 63) >> 6];
        live = count;
        liveSizes = sizes.total();
    }

    long id() {
        return id;
    }

    int count() {
        return count;
    }

    int live() {
        return live;
    }

    /** The bytes that it takes in the table. */
    long storedBytes() {
        return entryBytes + settlementBytes;
    }

    /** Its settlements take so many bytes instead. */
    void setSettlementBytes(long bytes) {
        settlementBytes = bytes;
    }

    /** About how many bytes of the settlements are still needed. */
    long neededBytes() {
        int needed = neededPins();
        return needed == 0 ? 0 : settlementBytes * needed / pinTotal;
    }

    /** What holds the row for its settlements; some may be counted twice. */
    int neededPins() {
        int needed = 0;
        for (int i = 0; i < pinCount; i++) {
            needed += pins[i].isLifted() ? 0 : 1;
        }
        return needed;
    }

    /** About how many of them are live entries. */
    long liveBytes() {
        return live == 0 ? 0 : live == count ? entryBytes : (long) (entryBytes * ((double) liveSizes / sizes.total()));
    }

    /** The segment id of the last entry it has. */
    long lastSegment() {
        return keys == null || count == 0 ? id : Place.segment(Place.of(id, 0) + keys[count - 1]);
    }

    /** Which entry has a place; negative if none has. */
    int indexOf(long place) {
        long key = place - Place.of(id, 0);
        if (keys == null) {
            return key >= 0 && key < count ? (int) key : -1;
        }
        return key >= 0 && key <= Integer.MAX_VALUE ? Arrays.binarySearch(keys, (int) key) : -1;
    }

    boolean isDead(int index) {
        return (dead[index >> 6] & 1L << index) != 0;
    }

    /** An entry is over. */
    void die(int index) {
        dead[index >> 6] |= 1L << index;
        live--;
        liveSizes -= sizes.of(index);
    }

    BitSet deadEntries() {
        return BitSet.valueOf(dead);
    }

    /** The pin for rows that have settlements about this segment. */
    Pin pin() {
        if (pin == null) {
            pin = new Pin(this);
        }
        return pin;
    }

    /** Whether some row has settlements about this segment that its own row does not say. */
    boolean isSettledElsewhere() {
        return pin != null;
    }

    /** Gives away the pin, to be lifted; null if there is none. */
    @Nullable Pin takePin() {
        Pin taken = pin;
        pin = null;
        return taken;
    }

    /** Settlements of this row are about another segment. */
    void need(Pin other) {
        if (pinCount > 0 && pins[pinCount - 1] == other) {
            return;
        }
        if (pinCount == pins.length) {
            dropLifted();
            if (pinCount * 2 > pins.length || pins.length == 0) {
                pins = Arrays.copyOf(pins, Math.max(2, pins.length * 2));
            }
        }
        pins[pinCount++] = other;
        pinTotal++;
    }

    /** Removes what is lifted, and what is there twice. */
    private void dropLifted() {
        Set<Pin> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        int kept = 0;
        for (int i = 0; i < pinCount; i++) {
            if (!pins[i].isLifted() && seen.add(pins[i])) {
                pins[kept++] = pins[i];
            }
        }
        pinCount = kept;
    }

    /** Something that holds the row for its settlements; null if nothing does. */
    @Nullable Pin firstPin() {
        while (pinCount > 0) {
            Pin last = pins[pinCount - 1];
            if (!last.isLifted()) {
                return last;
            }
            pinCount--;
        }
        pins = NO_PINS;
        return null;
    }

    /** All that holds the row for its settlements. */
    Pin[] allPins() {
        dropLifted();
        return Arrays.copyOf(pins, pinCount);
    }

    /** It has something that can't be read, so its row stays as it is. */
    boolean isDamaged() {
        return damaged;
    }

    void markDamaged() {
        damaged = true;
    }

    /** Nothing lives in it and nothing needs it; its row is there until its turn comes to go. */
    boolean isOver() {
        return over;
    }

    void markOver() {
        over = true;
    }

    /** Its row is no longer in the table, or another one has taken its place. */
    boolean isGone() {
        return gone;
    }

    void markGone() {
        gone = true;
    }

    /** Whether its row may still be rewritten; not if it goes, is gone, or can't be read as a whole. */
    boolean isKept() {
        return !gone && !over && !damaged;
    }

    /** Whether the row has something to say about which entries are over. */
    boolean isDeadStored() {
        return deadIsStored;
    }

    void markDeadStored() {
        deadIsStored = true;
    }
}
