package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.journal.InMemoryMessageJournal.Part;
import io.leveret.broker.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryTests {
    private static final long OWNER = 7;
    private static final long OTHER = 8;

    private TestJournal journal = TestJournal.started(new InMemoryMessageJournal());

    @AfterEach
    void close() {
        journal.close(false);
    }

    @Test
    void findsWhatIsNotSettledInTheOrderOfPlaces() {
        journal.append(0, OWNER, "a");
        long b = journal.store(0, OWNER, "b");
        journal.store(1, OTHER, "x");
        journal.store(0, OWNER, "c");
        journal.settle(0, b);
        journal.commitAll();
        journal = journal.killed();
        assertThat(journal.recovered(OWNER)).containsExactly("a", "c");
        assertThat(journal.recovered(OTHER)).containsExactly("x");
        assertThat(journal.recovered(9)).isEmpty();
    }

    @Test
    void knowsWhatAQueueMustKnowWithoutReadingMessages() {
        Message message = Message.of(new byte[] {0, 0, 0, 0, 1, 2, 3}, 2, 4, true, 5);
        journal.loops.get(0).run(() -> journal.on(0).append(OWNER, message, 99, true, null, 0));
        journal.append(0, OWNER, "four");
        journal.commitAll();
        journal.store(0, OTHER, "newest");
        journal = journal.killed();
        int readsBefore = journal.store.reads();
        RecoveredEntries entries = journal.journal.takeRecovered(OWNER);
        assertThat(entries.size()).isEqualTo(2);
        assertThat(entries.bodyLength(0)).isEqualTo(3);
        assertThat(entries.memoryBytes(0)).isEqualTo(message.memoryBytes());
        assertThat(entries.priority(0)).isEqualTo(5);
        assertThat(entries.deadlineMillis(0)).isEqualTo(99);
        assertThat(entries.priority(1)).isZero();
        assertThat(entries.deadlineMillis(1)).isEqualTo(Message.NEVER);
        assertThat(entries.place(0)).isLessThan(entries.place(1));
        assertThat(journal.store.reads()).isEqualTo(readsBefore);
    }

    @Test
    void forgetsWhatWasWrittenOnlyToLeaveTheHeap() {
        journal.loops
                .get(0)
                .run(() -> journal.on(0).append(OWNER, TestJournal.message("t"), Message.NEVER, false, null, 0));
        journal.store(0, OWNER, "lasting");
        journal = journal.killed();
        assertThat(journal.recovered(OWNER)).containsExactly("lasting");
    }

    @Test
    void givesNoIdTwice() {
        long place = journal.store(0, OWNER, "a");
        journal = journal.killed();
        journal.journal.start();
        assertThat(Place.segment(journal.append(0, OWNER, "b"))).isGreaterThan(Place.segment(place));
        assertThat(journal.ids.next()).isGreaterThan(OWNER);
    }

    @Test
    void countsEverythingAsRedeliveredAfterACrash() {
        journal.loops.get(0).run(() -> journal.on(0).delivered(OWNER, 0, 1));
        journal.store(0, OWNER, "a");
        journal = journal.killed();
        assertThat(journal.journal.takeRecovered(OWNER).redeliveredUpTo(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void knowsAfterACleanStopWhatHadBeenHandedOut() {
        long a = journal.store(0, OWNER, "a");
        journal.store(1, OTHER, "x");
        journal.loops.get(0).run(() -> journal.on(0).delivered(OWNER, 2, a));
        journal = journal.restarted();
        RecoveredEntries entries = journal.journal.takeRecovered(OWNER);
        assertThat(entries.redeliveredUpTo(2)).isEqualTo(a);
        assertThat(entries.redeliveredUpTo(0)).isZero();
        assertThat(journal.journal.takeRecovered(OTHER).redeliveredUpTo(0)).isZero();
    }

    @Test
    void forgetsWhatACleanStopSaidBeforeAnythingIsHandedOut() {
        journal.store(0, OWNER, "a");
        journal = journal.restarted();
        assertThat(journal.store.rows()).hasSize(1);
        journal = journal.killed();
        assertThat(journal.journal.takeRecovered(OWNER).redeliveredUpTo(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void skipsEntriesThatAreDamagedAndKeepsTheRow() {
        long damaged = Place.segment(journal.store(0, OWNER, "a"));
        journal.store(0, OWNER, "b");
        journal.store.damage(damaged, Part.ENTRIES, 12);
        journal = journal.killed();
        assertThat(journal.recovered(OWNER)).containsExactly("b");
        assertThat(journal.store.rows()).containsKey(damaged);
    }

    @Test
    void bringsBackWhatWasSettledInADamagedRow() {
        long a = journal.append(0, OWNER, "a");
        journal.store(0, OWNER, "keeps the segment");
        journal.settle(0, a);
        long settling = Place.segment(journal.append(0, OWNER, "b"));
        journal.commitAll();
        journal.store.truncate(settling, Part.SETTLEMENTS, 7);
        journal = journal.killed();
        assertThat(journal.recovered(OWNER)).containsExactly("a", "keeps the segment", "b");
    }

    @Test
    void verifiesThePayloadOfTheNewestRow() {
        journal.store(0, OWNER, "a");
        journal.append(0, OWNER, "b");
        long newest = Place.segment(journal.append(0, OWNER, "c"));
        journal.commitAll();
        journal.store.damage(
                newest, Part.PAYLOAD, journal.store.rows().get(newest).payload().length - 1);
        journal = journal.killed();
        assertThat(journal.journal.takeRecovered(OWNER).size()).isEqualTo(2);
    }

    @Test
    void leavesOutAMessageThatTurnsOutToBeDamaged() {
        long a = journal.store(0, OWNER, "a");
        journal.store(0, OWNER, "b");
        journal.store.damage(Place.segment(a), Part.PAYLOAD, 12);
        journal = journal.killed();
        assertThat(journal.recovered(OWNER)).containsExactly("b");
    }
}
