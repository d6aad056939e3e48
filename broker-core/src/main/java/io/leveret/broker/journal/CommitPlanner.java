package io.leveret.broker.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes changes of what the loops have handed over: what was settled before it was written is left out, rows that are not
 * needed any more go in the same commit that makes them so. Owned by the journal's thread.
 */
final class CommitPlanner {
    private static final int MOST_REMOVED = 256;
    /** A database keeps what it deletes until the commit, and H2 writes that down if it is more than some megabytes. */
    private static final long MOST_BYTES_REMOVED = 4L << 20;

    private static final long LEAST_TIDYING = 2L * JournalSegment.PAYLOAD_BYTES;
    /** What is tidied is read into memory. */
    private static final long MOST_TIDYING =
            Math.max(LEAST_TIDYING, Runtime.getRuntime().maxMemory() / 32);

    private final Segments segments;
    private final Tidying tidying;

    CommitPlanner(Segments segments, Tidying tidying) {
        this.segments = segments;
        this.tidying = tidying;
    }

    /** A batch as it will be stored. */
    private record Encoded(JournalBatch batch, Segment segment, byte[] entries, byte[] payload) {}

    /** Whether there is something to change without any batch. */
    boolean isDue() {
        return segments.hasOver() || tidying.isDue();
    }

    /** @param oldestOpen no batch that comes later has a smaller id */
    ChangesBuilder plan(List<JournalBatch> batches, long oldestOpen) {
        ChangesBuilder changes = new ChangesBuilder();
        for (JournalBatch batch : batches) {
            dropSettledTogether(batch, batches);
        }
        List<Encoded> encoded = batches.stream().map(CommitPlanner::encode).toList();
        long bytes = 0;
        for (Encoded each : encoded) {
            settle(each);
            bytes += each.payload.length;
        }
        // first, because what is settled in a row that goes in this commit need not be written
        List<Long> over = new ArrayList<>();
        long bytesOver = segments.takeOver(over, MOST_REMOVED, MOST_BYTES_REMOVED);
        tidying.plan(changes, Math.min(MOST_TIDYING, LEAST_TIDYING + 2 * bytes), oldestOpen);
        for (Encoded each : encoded) {
            add(each, changes);
        }
        segments.takeOver(over, MOST_REMOVED, MOST_BYTES_REMOVED - bytesOver);
        changes.removed.addAll(over);
        return changes;
    }

    /** The changes were made. */
    void onCommitted(ChangesBuilder changes) {
        segments.remove(changes.swallowed);
    }

    /** What is enqueued and settled in the same commit is not written at all. */
    private static void dropSettledTogether(JournalBatch batch, List<JournalBatch> all) {
        batch.retainSettlements(place -> {
            JournalBatch of = JournalBatch.find(all, Place.segment(place));
            return of == null || !of.drop(Place.slot(place));
        });
    }

    private static Encoded encode(JournalBatch batch) {
        byte[] payload = new byte[(int) batch.bytes()];
        SegmentEntries entries = SegmentEntries.encode(batch, payload);
        return new Encoded(batch, new Segment(entries, 0), entries.toBytes(), payload);
    }

    private void settle(Encoded encoded) {
        for (int i = 0; i < encoded.batch.settlements(); i++) {
            long place = encoded.batch.settlement(i);
            boolean wasThere = segments.settle(encoded.segment, place);
            assert wasThere : "settled twice, or never written: " + Place.segment(place) + "/" + Place.slot(place);
        }
    }

    private void add(Encoded encoded, ChangesBuilder changes) {
        Segment segment = encoded.segment;
        if (segment.live() == 0 && segment.firstPin() == null) {
            return;
        }
        encoded.batch.retainSettlements(segments::isNeeded);
        byte[] settlements = encoded.batch.encodedSettlements();
        segment.setSettlementBytes(settlements.length);
        segments.put(segment);
        changes.added.add(new JournalSegment(segment.id(), encoded.entries, settlements, encoded.payload));
    }
}
