package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.journal.JournalChanges;
import io.leveret.broker.journal.JournalChanges.DeadSlots;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.journal.JournalSegment;
import io.leveret.broker.journal.MessageJournal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link MessageJournal} does. */
abstract class MessageJournalContract {
    private static final byte[] NONE = new byte[0];

    /** The journal as it is now. */
    abstract MessageJournal journal();

    /** Ends the process and starts it again, as far as the journal is concerned. */
    abstract void reopen();

    /** Deletes a payload behind the journal's back. */
    abstract void losePayload(long id);

    @Test
    void readsBackWhatWasCommitted() {
        JournalSegment segment = segment(1, 1000);
        JournalSegment without = new JournalSegment(2, NONE, new byte[] {7}, NONE);
        journal().commit(add(segment, without));
        assertSame(journal().read(1), segment);
        assertSame(journal().read(2), without);
        reopen();
        assertSame(journal().read(1), segment);
        assertSame(journal().read(2), without);
        assertThat(journal().read(3)).isNull();
    }

    @Test
    void readsBackPayloadsOfAnySize() {
        int part = 1 << 20;
        List<JournalSegment> segments = new ArrayList<>();
        for (int size : new int[] {0, 1, part - 1, part, part + 1, 2 * part, 5 * part + 17}) {
            segments.add(segment(segments.size() + 1, size));
        }
        journal().commit(add(segments.toArray(JournalSegment[]::new)));
        reopen();
        for (JournalSegment segment : segments) {
            assertSame(journal().read(segment.id()), segment);
        }
    }

    @Test
    void showsSettlementsAndEntriesInTheOrderOfIds() {
        journal().commit(add(segment(300, 10), segment(2, 10)));
        journal().commit(add(segment(1, 10), segment(1L << 40, 10)));
        List<Long> settled = new ArrayList<>();
        journal().loadSettlements((id, settlements, dead) -> {
            settled.add(id);
            assertThat(settlements).isEqualTo(segment(id, 10).settlements());
            assertThat(dead).isEmpty();
        });
        Map<Long, byte[]> entries = new LinkedHashMap<>();
        journal().loadEntries(entries::put);
        assertThat(settled).containsExactly(1L, 2L, 300L, 1L << 40);
        assertThat(entries.keySet()).containsExactly(1L, 2L, 300L, 1L << 40);
        entries.forEach(
                (id, bytes) -> assertThat(bytes).isEqualTo(segment(id, 10).entries()));
    }

    @Test
    void showsManyMoreThanAreFetchedAtOnce() {
        for (int first = 0; first < 500; first += 100) {
            List<JournalSegment> some = new ArrayList<>();
            for (int id = first; id < first + 100; id++) {
                some.add(segment(id, 3));
            }
            journal().commit(add(some.toArray(JournalSegment[]::new)));
        }
        List<Long> ids = new ArrayList<>();
        journal().loadEntries((id, entries) -> ids.add(id));
        assertThat(ids).hasSize(500).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void removesWhatIsThereAndMindsNothingElse() {
        journal().commit(add(segment(1, 10), segment(2, 10), segment(3, 10), segment(5, 10), segment(6, 10)));
        journal().commit(new JournalChanges(List.of(), List.of(), List.of(), List.of(5L, 3L, 2L, 99L, 98L)));
        assertThat(ids()).containsExactly(1L, 6L);
        assertThat(journal().read(3)).isNull();
        assertSame(journal().read(6), segment(6, 10));
    }

    @Test
    void keepsTheLastThatWasSaidAboutDeadEntries() {
        journal().commit(add(segment(1, 10), segment(2, 10)));
        journal().commit(bury(1, 0b1));
        journal().commit(bury(1, 0b101));
        journal().commit(bury(77, 0b1));
        reopen();
        assertThat(dead()).containsOnlyKeys(1L, 2L);
        assertThat(dead().get(1L)).containsExactly(0b101);
        assertThat(dead().get(2L)).isEmpty();
        assertSame(journal().read(1), segment(1, 10));
    }

    @Test
    void rewritesUnderTheSameIdAndKeepsWhatWasSaidAboutDeadEntries() {
        journal().commit(add(segment(1, 3 << 20), segment(2, 10)));
        journal().commit(bury(1, 0b11));
        JournalSegment smaller = new JournalSegment(1, new byte[] {1}, new byte[] {2}, new byte[] {3});
        journal().commit(new JournalChanges(List.of(), List.of(smaller, segment(4, 10)), List.of(), List.of()));
        assertSame(journal().read(1), smaller);
        assertSame(journal().read(2), segment(2, 10));
        assertSame(journal().read(4), segment(4, 10));
        assertThat(dead().get(1L)).containsExactly(0b11);
    }

    @Test
    void makesTheSameChangesAgain() {
        journal().commit(add(segment(1, 10), segment(2, 10)));
        JournalChanges changes = new JournalChanges(
                List.of(segment(3, 2 << 20), segment(4, 10)),
                List.of(segment(2, 7)),
                List.of(new DeadSlots(3, new byte[] {1})),
                List.of(1L));
        journal().commit(changes);
        journal().commit(changes);
        assertThat(ids()).containsExactly(2L, 3L, 4L);
        assertSame(journal().read(2), segment(2, 7));
        assertSame(journal().read(3), segment(3, 2 << 20));
        assertThat(dead().get(3L)).containsExactly(1);
    }

    @Test
    void replacesWhatAnAttemptLeftThatWasChangedSince() {
        journal().commit(add(segment(1, 2 << 20)));
        journal().commit(bury(1, 1));
        JournalSegment other = new JournalSegment(1, new byte[] {1}, NONE, new byte[] {3});
        journal().commit(add(other, segment(2, 10)));
        assertSame(journal().read(1), other);
        assertThat(dead().get(1L)).isEmpty();
        assertSame(journal().read(2), segment(2, 10));
    }

    @Test
    void tellsASegmentWithoutItsPayloadFromNone() {
        JournalSegment segment = segment(1, 10);
        journal().commit(add(segment));
        losePayload(1);
        JournalSegment left = journal().read(1);
        assertThat(left).isNotNull();
        assertThat(left.entries()).isEqualTo(segment.entries());
        assertThat(left.payload()).isEmpty();
        assertThat(journal().read(2)).isNull();
    }

    @Test
    void readsWholeSegmentsWhileTheyAreRewrittenAndRemoved() {
        journal().commit(add(segment(1, 200_000)));
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int reads = 0;
            while (!over.get() || reads == 0) {
                JournalSegment read = journal().read(1);
                if (read != null) {
                    assertSame(read, segment(1, read.payload().length));
                }
                reads++;
            }
            return reads;
        });
        try {
            for (int round = 0; round < 40; round++) {
                journal()
                        .commit(new JournalChanges(
                                List.of(), List.of(segment(1, 200_000 - 1000 * round)), List.of(), List.of()));
                journal().commit(new JournalChanges(List.of(), List.of(), List.of(), List.of(1L)));
            }
        } finally {
            over.set(true);
        }
        assertThat(reader.join()).isPositive();
    }

    @Test
    void makesAllChangesOrNone() {
        journal().commit(add(segment(1, 10)));
        JournalSegment refused = new JournalSegment(3, new byte[20 << 20], NONE, NONE);
        JournalChanges changes =
                new JournalChanges(List.of(segment(2, 10), refused), List.of(), List.of(), List.of(1L));
        try {
            journal().commit(changes);
            assertThat(ids()).containsExactly(2L, 3L);
        } catch (JournalException e) {
            assertThat(ids()).containsExactly(1L);
        }
    }

    final List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        journal().loadEntries((id, entries) -> ids.add(id));
        return ids;
    }

    private Map<Long, byte[]> dead() {
        Map<Long, byte[]> all = new LinkedHashMap<>();
        journal().loadSettlements((id, settlements, dead) -> all.put(id, dead));
        return all;
    }

    static JournalChanges add(JournalSegment... segments) {
        return new JournalChanges(List.of(segments), List.of(), List.of(), List.of());
    }

    private static JournalChanges bury(long id, int slots) {
        return new JournalChanges(
                List.of(), List.of(), List.of(new DeadSlots(id, new byte[] {(byte) slots})), List.of());
    }

    /** With contents that tell by the id and the size. */
    static JournalSegment segment(long id, int payloadBytes) {
        Random random = new Random(id * 31 + payloadBytes);
        byte[] entries = new byte[40];
        byte[] settlements = new byte[30];
        byte[] payload = new byte[payloadBytes];
        random.nextBytes(entries);
        random.nextBytes(settlements);
        random.nextBytes(payload);
        return new JournalSegment(id, entries, settlements, payload);
    }

    static void assertSame(@Nullable JournalSegment actual, JournalSegment expected) {
        assertThat(actual).isNotNull();
        assertThat(actual.id()).isEqualTo(expected.id());
        assertThat(actual.entries()).isEqualTo(expected.entries());
        assertThat(actual.settlements()).isEqualTo(expected.settlements());
        assertThat(actual.payload()).isEqualTo(expected.payload());
    }
}
