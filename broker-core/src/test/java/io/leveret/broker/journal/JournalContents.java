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
        return owners(journal).values().stream().filter(each -> each == owner).count();
    }

    /** How many entries of an owner were settled after they had been written. */
    public static long settlements(InMemoryMessageJournal journal, long owner) {
        Map<Long, Long> owners = owners(journal);
        return settled(journal).stream()
                .filter(place -> owners.getOrDefault(place, OwnerIds.NONE) == owner)
                .count();
    }

    /** Settlements that should not be there: of what was settled before, or was never written since the start. */
    public static List<String> mistakes(InMemoryMessageJournal journal) {
        Map<Long, Long> open = owners(journal);
        long first = open.keySet().stream().mapToLong(Place::segment).min().orElse(Long.MAX_VALUE);
        Set<Long> known = new HashSet<>();
        List<String> mistakes = new ArrayList<>();
        for (long place : settled(journal)) {
            boolean isOfNow = Place.segment(place) >= first;
            if (!known.add(place) || (isOfNow && open.remove(place) == null)) {
                mistakes.add(Place.segment(place) + "/" + Place.slot(place));
            }
        }
        return mistakes;
    }

    private static Map<Long, Long> owners(InMemoryMessageJournal journal) {
        Map<Long, Long> owners = new HashMap<>();
        for (JournalChanges changes : journal.history()) {
            for (JournalSegment segment : changes.added()) {
                SegmentEntries entries = SegmentEntries.decode(segment.id(), segment.entries());
                for (int slot = 0; entries != null && slot < entries.count(); slot++) {
                    owners.put(entries.place(slot), entries.owner(slot));
                }
            }
        }
        return owners;
    }

    private static List<Long> settled(InMemoryMessageJournal journal) {
        List<Long> settled = new ArrayList<>();
        for (JournalChanges changes : journal.history()) {
            for (JournalSegment segment : changes.added()) {
                for (long place : SegmentSettlements.places(segment.settlements())) {
                    settled.add(place);
                }
            }
        }
        return settled;
    }
}
