package io.leveret.broker.journal;

import java.util.List;

/**
 * What one commit changes.
 *
 * @param added new segments
 * @param rewritten segments that take the place of those with the same ids, because they need less room
 * @param dead which entries of a segment are over, in the place of what was said about it before
 * @param removed ids of segments that are not needed any more; one that is not there is fine
 */
public record JournalChanges(
        List<JournalSegment> added, List<JournalSegment> rewritten, List<DeadSlots> dead, List<Long> removed) {

    /** @param slots a bit for each entry */
    public record DeadSlots(long id, byte[] slots) {}

    public boolean isEmpty() {
        return added.isEmpty() && rewritten.isEmpty() && dead.isEmpty() && removed.isEmpty();
    }
}
