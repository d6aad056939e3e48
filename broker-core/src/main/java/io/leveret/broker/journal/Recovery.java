package io.leveret.broker.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what is in the journal at start: first what was settled, then the entries, in the order of their places. Payloads
 * are not read, but that of the newest segment, which an interrupted write would have hit, is verified.
 *
 * <p>What is damaged is reported, left in the table and skipped; the rest is recovered.
 */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final MessageJournal store;
    private final OwnerIds ids;
    private final Segments segments;
    private PlaceSet settled = new PlaceSet();
    private final Map<Long, BitSet> dead = new HashMap<>();
    /** By segments, what their settlements are about, and how many bytes they take. */
    private final Map<Long, Settlements> settlementsOf = new HashMap<>();

    private final Set<Long> damaged = new HashSet<>();
    private final List<Long> closingSegments = new ArrayList<>();
    private final Map<Long, RecoveredEntries> byOwner = new HashMap<>();
    private long newest;
    private long lastSegment;
    private @Nullable HandedOut handedOut;
    private long seenOwner = OwnerIds.NONE;
    private long lastOwner = OwnerIds.NONE;
    private RecoveredEntries ofLastOwner = new RecoveredEntries();

    /**
     * @param ids hears of the owners of all entries
     * @param segments hears of all segments
     */
    Recovery(MessageJournal store, OwnerIds ids, Segments segments) {
        this.store = store;
        this.ids = ids;
        this.segments = segments;
    }

    /** @param about the ids of segments, each once */
    private record Settlements(long[] about, int bytes) {}

    /** @throws JournalException if the store can't be read */
    void run() {
        store.loadSettlements(this::onSettlements);
        BitSet unsound = newest == 0 ? new BitSet() : verifyNewest();
        store.loadEntries((id, bytes) -> onEntries(id, bytes, id == newest ? unsound : new BitSet()));
        settled = new PlaceSet();
        dead.clear();
        pin();
        segments.onRestored();
    }

    private void onSettlements(long id, byte[] settlements, byte[] deadSlots) {
        newest = Math.max(newest, id);
        lastSegment = Math.max(lastSegment, id);
        if (SegmentSettlements.isSound(settlements)) {
            long[] places = SegmentSettlements.places(settlements);
            for (long place : places) {
                settled.add(place);
                lastSegment = Math.max(lastSegment, Place.segment(place));
            }
            settlementsOf.put(id, new Settlements(distinctSegments(places), settlements.length));
        } else {
            report(id, "its settlements can't be read, so messages that were settled in it come back");
        }
        BitSet over = SegmentDead.decode(deadSlots);
        if (over == null) {
            report(id, "what is over in it can't be read, so messages that were settled come back");
        } else if (!over.isEmpty()) {
            dead.put(id, over);
        }
    }

    /** Returns which entries of the newest segment are damaged. */
    private BitSet verifyNewest() {
        BitSet unsound = new BitSet();
        JournalSegment segment = store.read(newest);
        if (segment != null && HandedOut.isKind(segment.entries())) {
            handedOut = HandedOut.decode(segment.entries());
            return unsound;
        }
        SegmentEntries entries = segment == null ? null : SegmentEntries.decode(newest, segment.entries());
        if (segment != null && entries != null) {
            for (int i = 0; i < entries.count(); i++) {
                unsound.set(i, !entries.isSound(i, segment.payload()));
            }
        }
        if (!unsound.isEmpty()) {
            report(newest, "its payload is damaged: " + unsound.cardinality() + " messages are lost");
        }
        return unsound;
    }

    private void onEntries(long id, byte[] bytes, BitSet unsound) {
        if (HandedOut.isKind(bytes)) {
            onClosingSegment(id, bytes);
            return;
        }
        SegmentEntries entries = SegmentEntries.decode(id, bytes);
        if (entries == null) {
            int atMost = bytes.length / SegmentEntries.ENTRY_BYTES;
            report(id, "its entries can't be read: up to about " + atMost + " messages are lost");
            return;
        }
        BitSet over = dead.remove(id);
        Settlements settlements = settlementsOf.get(id);
        Segment segment = new Segment(entries, settlements == null ? 0 : settlements.bytes);
        for (int i = 0; i < entries.count(); i++) {
            long owner = entries.owner(i);
            long place = entries.place(i);
            if (owner != seenOwner) {
                seenOwner = owner;
                ids.seen(owner);
            }
            boolean isOver = over != null && over.get(i) || settled.contains(place);
            if (isOver || !entries.isLasting(i)) {
                segment.die(i);
            } else if (!unsound.get(i)) {
                of(owner)
                        .add(
                                place,
                                entries.bodyLength(i),
                                entries.memoryBytes(i),
                                entries.priority(i),
                                entries.deadlineMillis(i));
            }
        }
        lastSegment = Math.max(lastSegment, segment.lastSegment());
        if (over != null) {
            segment.markDeadStored();
        }
        if (damaged.contains(id)) {
            segment.markDamaged();
        }
        segments.restore(segment);
    }

    /** Sees to it that rows stay whose settlements are needed. */
    private void pin() {
        for (Segment segment : segments.all()) {
            Settlements settlements = settlementsOf.remove(segment.id());
            for (long id : settlements == null ? new long[0] : settlements.about) {
                Segment about = segments.find(Place.of(id, 0));
                if (about != null && id <= about.lastSegment() && about.live() < about.count()) {
                    segment.need(about.pin());
                }
            }
        }
    }

    private static long[] distinctSegments(long[] places) {
        long[] ids = new long[places.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Place.segment(places[i]);
        }
        Arrays.sort(ids);
        int kept = 0;
        for (long id : ids) {
            if (kept == 0 || ids[kept - 1] != id) {
                ids[kept++] = id;
            }
        }
        return Arrays.copyOf(ids, kept);
    }

    private RecoveredEntries of(long owner) {
        if (owner != lastOwner) {
            lastOwner = owner;
            ofLastOwner = byOwner.computeIfAbsent(owner, this::entries);
        }
        return ofLastOwner;
    }

    private RecoveredEntries entries(long owner) {
        return new RecoveredEntries(owner, handedOut);
    }

    private void onClosingSegment(long id, byte[] bytes) {
        if (HandedOut.decode(bytes) == null) {
            report(id, "how far messages had been handed out can't be read, so all count as redelivered");
        } else {
            closingSegments.add(id);
        }
    }

    private void report(long id, String cost) {
        damaged.add(id);
        log.atError().addKeyValue("segment", id).log("a row of the journal is damaged; {}", cost);
    }

    /** Gives away what there is for an owner. */
    RecoveredEntries take(long owner) {
        RecoveredEntries entries = byOwner.remove(owner);
        return entries == null ? entries(owner) : entries;
    }

    /** Gives away what nobody has taken. */
    List<RecoveredEntries> takeAll() {
        List<RecoveredEntries> untaken = List.copyOf(byOwner.values());
        byOwner.clear();
        lastOwner = OwnerIds.NONE;
        ofLastOwner = new RecoveredEntries();
        return untaken;
    }

    /** The segments that clean stops have left, to be removed before anything is handed out. */
    List<Long> closingSegments() {
        return closingSegments;
    }

    /** The greatest id that any segment has had. */
    long lastSegment() {
        return lastSegment;
    }
}
