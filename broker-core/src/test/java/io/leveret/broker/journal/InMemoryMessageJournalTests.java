package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.journal.InMemoryMessageJournal.Part;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What tests rely on; the contract itself is tested beside the journal in a database. */
class InMemoryMessageJournalTests {
    private final InMemoryMessageJournal journal = new InMemoryMessageJournal();

    @Test
    void failsAsOftenAsItWasTold() {
        JournalException gone = new JournalException("gone", null);
        journal.failNextCommits(2, gone);
        assertThatThrownBy(() -> journal.commit(add(1))).isSameAs(gone);
        assertThatThrownBy(() -> journal.commit(add(1))).isSameAs(gone);
        assertThat(journal.rows()).isEmpty();
        journal.commit(add(1));
        assertThat(journal.rows()).containsOnlyKeys(1L);
        assertThat(journal.triedCommits()).isEqualTo(3);
        assertThat(journal.commits()).isEqualTo(1);
    }

    @Test
    void makesChangesThatItCouldNotSync() {
        journal.failNextCommits(1, new UnsyncedCommitException("not synced", new IllegalStateException()));
        assertThatThrownBy(() -> journal.commit(add(1))).isInstanceOf(UnsyncedCommitException.class);
        assertThat(journal.rows()).containsOnlyKeys(1L);
    }

    @Test
    void blocksCommitsUntilReleased() {
        journal.blockCommits();
        CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> journal.commit(add(1)));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> journal.waitingCommits() == 1);
        assertThat(journal.rows()).isEmpty();
        journal.releaseCommits();
        commit.join();
        assertThat(journal.rows()).containsOnlyKeys(1L);
    }

    @Test
    void damagesOnePartOfARow() {
        journal.commit(add(1));
        journal.damage(1, Part.ENTRIES, 0);
        journal.truncate(1, Part.PAYLOAD, 1);
        InMemoryMessageJournal.Row row = journal.restarted().rows().get(1L);
        assertThat(row.entries()).containsExactly(1 ^ 0x10);
        assertThat(row.settlements()).containsExactly(2);
        assertThat(row.payload()).containsExactly(3);
    }

    private static JournalChanges add(long id) {
        JournalSegment segment = new JournalSegment(id, new byte[] {1}, new byte[] {2}, new byte[] {3, 4});
        return new JournalChanges(List.of(segment), List.of(), List.of(), List.of());
    }
}
