package io.leveret.broker.journal;

import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment as it was read, with its messages still in one piece. Immutable: what is live stays readable in it, even when the
 * segment has been written anew since.
 */
final class StoredSegment {
    private static final Logger log = LoggerFactory.getLogger(StoredSegment.class);

    private final SegmentEntries entries;
    private final byte[] payload;

    StoredSegment(SegmentEntries entries, byte[] payload) {
        this.entries = entries;
        this.payload = payload;
    }

    /** Whether a place lies between its first and its last one. */
    boolean mayHave(long place) {
        int count = entries.count();
        return count > 0 && place >= entries.place(0) && place <= entries.place(count - 1);
    }

    /** About what it takes in memory. */
    long memoryBytes() {
        return payload.length + (long) entries.toBytes().length;
    }

    /**
     * The message at a place, as the queue had it.
     *
     * @return null if it is not there or damaged, which is reported
     */
    @Nullable Message message(long place) {
        int index = entries.indexOf(place);
        Message message = find(place);
        if (message == null) {
            log.atError()
                    .addKeyValue("segment", entries.segment())
                    .addKeyValue("slot", Place.slot(place))
                    .log("a message in the journal is {}; it is lost", index < 0 ? "missing" : "damaged");
        }
        return message;
    }

    /** The same without a report. */
    @Nullable Message find(long place) {
        int index = entries.indexOf(place);
        return index < 0 ? null : entries.message(index, payload);
    }
}
