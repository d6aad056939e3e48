package io.leveret.broker.journal;

import io.leveret.broker.journal.JournalChanges.DeadSlots;
import java.util.ArrayList;
import java.util.List;

/** Collects what one commit changes. Owned by the journal's thread. */
final class ChangesBuilder {
    final List<JournalSegment> added = new ArrayList<>();
    final List<JournalSegment> rewritten = new ArrayList<>();
    final List<DeadSlots> dead = new ArrayList<>();
    final List<Long> removed = new ArrayList<>();
    /** Ids of those among the removed that {@link Segments} must show until the commit is made. */
    final List<Long> swallowed = new ArrayList<>();

    boolean rewrites(long id) {
        return rewritten.stream().anyMatch(segment -> segment.id() == id);
    }

    boolean isEmpty() {
        return added.isEmpty() && rewritten.isEmpty() && dead.isEmpty() && removed.isEmpty();
    }

    JournalChanges build() {
        return new JournalChanges(added, rewritten, dead, removed);
    }
}
