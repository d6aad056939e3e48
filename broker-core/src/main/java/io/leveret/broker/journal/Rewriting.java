package io.leveret.broker.journal;

import io.leveret.broker.journal.JournalChanges.DeadSlots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what lives in some segments that follow upon one another, and the settlements that are needed, into one row with the
 * id of the first. Places stay as they are. Owned by the journal's thread.
 */
final class Rewriting {
    private static final Logger log = LoggerFactory.getLogger(Rewriting.class);

    private final MessageJournal store;
    private final Segments segments;

    Rewriting(MessageJournal store, Segments segments) {
        this.store = store;
        this.segments = segments;
    }

    /** A row as it is in the table. */
    private record Source(Segment segment, SegmentEntries entries, byte[] payload, long[] settlements) {}

    /**
     * Adds to what is to be committed. A segment that turns out to be damaged is marked, and then nothing is changed.
     *
     * @return how many bytes are to be written
     * @throws JournalException if they can't be read now; nothing is changed then
     */
    long rewrite(List<Segment> inputs, ChangesBuilder changes) {
        List<Source> sources = new ArrayList<>(inputs.size());
        for (Segment input : inputs) {
            Source source = read(input);
            if (source == null) {
                return 0;
            }
            sources.add(source);
        }
        long id = inputs.get(0).id();
        byte[] payload = new byte[livePayload(sources)];
        SegmentEntries entries = copyLive(id, sources, payload);
        long[] settlements = neededSettlements(sources, inputs);
        byte[] encodedSettlements = SegmentSettlements.encode(settlements, settlements.length);

        boolean anyDeadStored = inputs.get(0).isDeadStored();
        inputs.forEach(segments::forget);
        Segment segment = new Segment(entries, encodedSettlements.length);
        for (long place : settlements) {
            Segment about = segments.find(place);
            if (about != null && !about.isGone()) {
                segment.need(about.pin());
            }
        }
        for (Segment input : inputs.subList(1, inputs.size())) {
            changes.removed.add(input.id());
            changes.swallowed.add(input.id());
        }
        if (segment.live() == 0 && segment.firstPin() == null) {
            changes.removed.add(id);
            changes.swallowed.add(id);
            return 0;
        }
        segments.put(segment);
        changes.dead.removeIf(slots -> slots.id() == id); // it would be about the entries as they were
        changes.rewritten.add(new JournalSegment(id, entries.toBytes(), encodedSettlements, payload));
        if (anyDeadStored) {
            changes.dead.add(new DeadSlots(id, SegmentDead.NONE));
        }
        return segment.storedBytes();
    }

    private @Nullable Source read(Segment segment) {
        JournalSegment row = store.read(segment.id());
        SegmentEntries entries = row == null ? null : SegmentEntries.decode(segment.id(), row.entries());
        if (row == null || entries == null || !isSound(segment, row, entries)) {
            segments.markDamaged(segment);
            log.atError()
                    .addKeyValue("segment", segment.id())
                    .log(
                            "a row of the journal is damaged; it stays as it is, and its messages are lost when it is their turn");
            return null;
        }
        return new Source(segment, entries, row.payload(), SegmentSettlements.places(row.settlements()));
    }

    private static boolean isSound(Segment segment, JournalSegment row, SegmentEntries entries) {
        boolean sound = entries.count() == segment.count() && SegmentSettlements.isSound(row.settlements());
        for (int i = 0; sound && i < segment.count(); i++) {
            sound = segment.isDead(i) || entries.isSound(i, row.payload());
        }
        return sound;
    }

    private static int livePayload(List<Source> sources) {
        int bytes = 0;
        for (Source source : sources) {
            for (int i = 0; i < source.entries.count(); i++) {
                bytes += source.segment.isDead(i) ? 0 : source.entries.payloadLength(i);
            }
        }
        return bytes;
    }

    private static SegmentEntries copyLive(long id, List<Source> sources, byte[] payload) {
        SegmentEntries copy = SegmentEntries.allocate(
                id, sources.stream().mapToInt(source -> source.segment.live()).sum());
        int index = 0;
        int offset = 0;
        for (Source source : sources) {
            for (int i = 0; i < source.entries.count(); i++) {
                if (!source.segment.isDead(i)) {
                    int length = source.entries.payloadLength(i);
                    System.arraycopy(source.payload, source.entries.payloadOffset(i), payload, offset, length);
                    copy.copy(index++, source.entries, i, offset);
                    offset += length;
                }
            }
        }
        copy.seal();
        return copy;
    }

    /** Those that are about the inputs themselves are not needed, because what is dead in them is not written again. */
    private long[] neededSettlements(List<Source> sources, List<Segment> inputs) {
        long[] needed = new long[16];
        int count = 0;
        for (Source source : sources) {
            for (long place : source.settlements) {
                if (segments.isNeeded(place) && !inputs.contains(segments.find(place))) {
                    if (count == needed.length) {
                        needed = Arrays.copyOf(needed, count * 2);
                    }
                    needed[count++] = place;
                }
            }
        }
        return Arrays.copyOf(needed, count);
    }
}
