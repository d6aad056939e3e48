package io.leveret.broker.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was ever written to a journal, for tests of those who write. */
public final class JournalContents {
    private JournalContents() {}

    /** How many entries of an owner were written; those that were over before that are not among them. */
    public static long entries(InMemoryMessageJournal journal, long owner) {
        return new Ledger(journal)
                .owners.values().stream().filter(each -> each == owner).count();
    }

    /** How many entries of an owner were settled after they had been written, or were in a row that is gone. */
    public static long settlements(InMemoryMessageJournal journal, long owner) {
        Ledger ledger = new Ledger(journal);
        return ledger.owners.entrySet().stream()
                .filter(entry -> entry.getValue() == owner && !ledger.open.containsKey(entry.getKey()))
                .count();
    }

    /** Settlements that should not be there: of what was settled before, or was never written since the start. */
    public static List<String> mistakes(InMemoryMessageJournal journal) {
        return new Ledger(journal).mistakes;
    }

    /** Follows the commits. */
    private static final class Ledger {
        final Map<Long, Long> owners = new HashMap<>();
        final Map<Long, Long> open = new HashMap<>();
        final Set<Long> earlier = new HashSet<>();
        final List<String> mistakes = new ArrayList<>();

        Ledger(InMemoryMessageJournal journal) {
            for (JournalChanges changes : journal.history()) {
                changes.added().forEach(this::enqueue);
                changes.added().forEach(this::settle);
                // a row goes when everything in it is over, and what the last settlements were need not be said then
                changes.removed().forEach(id -> open.keySet().removeIf(place -> Place.segment(place) == id));
            }
        }

        private void enqueue(JournalSegment segment) {
            SegmentEntries entries = SegmentEntries.decode(segment.id(), segment.entries());
            for (int i = 0; entries != null && i < entries.count(); i++) {
                owners.put(entries.place(i), entries.owner(i));
                open.put(entries.place(i), entries.owner(i));
            }
        }

        private void settle(JournalSegment segment) {
            for (long place : SegmentSettlements.places(segment.settlements())) {
                boolean isOfEarlierStart = owners.keySet().stream().noneMatch(each -> each <= place);
                if (open.remove(place) == null && !(isOfEarlierStart && earlier.add(place))) {
                    mistakes.add(Place.segment(place) + "/" + Place.slot(place));
                }
            }
        }
    }
}
