package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.journal.UnsyncedCommitException;
import io.leveret.broker.store.disk.TestDisk;
import io.leveret.broker.store.disk.TestFilePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or does not take what is synced to it, and becomes well again while the store is open. */
class H2DiskFaultTests {
    @TempDir
    private Path directory;

    private final TestDisk disk = new TestDisk();
    private StoreConfig config;
    private JpaStore store;

    @BeforeEach
    void openStore() {
        DataFilePath.register();
        config = StoreConfig.of(
                "jdbc:h2:" + DataFilePath.SCHEME + ":"
                        + TestFilePath.on(disk, directory.resolve("broker").toString()),
                "sa",
                "");
        store = JpaStore.open(config);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void saysThatACommitWasNotMadeAndMakesItWhenThereIsRoomAgain() {
        commit(1);
        disk.failToGrow("No space left on device");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> commit(2))
                    .isInstanceOf(JournalException.class)
                    .isNotInstanceOf(UnsyncedCommitException.class)
                    .hasMessageContaining("could not be written");
        }
        disk.failToGrow(null);
        commit(2);
        commit(3);
        assertRows(1, 2, 3);
        store.close();
        store = JpaStore.open(config);
        assertRows(1, 2, 3);
    }

    @Test
    void saysThatACommitWasNotSyncedAndMakesItAgainLater() {
        commit(1);
        disk.failSyncs("Input/output error");
        assertThatThrownBy(() -> commit(2))
                .isInstanceOf(UnsyncedCommitException.class)
                .hasMessageContaining("could not be synced");
        assertThatThrownBy(() -> commit(2)).isInstanceOf(JournalException.class);
        disk.failSyncs(null);
        commit(2);
        assertRows(1, 2);
        store.close();
        store = JpaStore.open(config);
        assertRows(1, 2);
    }

    @Test
    void readsWhileTheDiskIsFull() {
        commit(1);
        disk.failToGrow("No space left on device");
        assertThatThrownBy(() -> commit(2)).isInstanceOf(JournalException.class);
        assertRows(1);
    }

    @Test
    void storesDefinitionsAgainToo() {
        store.definitions().apply(put("before"));
        disk.failSyncs("Input/output error");
        assertThatThrownBy(() -> commit(1)).isInstanceOf(UnsyncedCommitException.class);
        disk.failSyncs(null);
        store.definitions().apply(put("after"));
        assertThat(store.definitions().load()).hasSize(2);
    }

    private static List<DefinitionChange> put(String name) {
        return List.of(new DefinitionChange.Put(new Definition.Policy("v", name, false, "", "all", 0, Map.of())));
    }

    private void commit(long id) {
        store.journal().commit(MessageJournalContract.add(MessageJournalContract.segment(id, 100_000)));
    }

    private void assertRows(Integer... ids) {
        MessageJournal journal = store.journal();
        for (int id : ids) {
            MessageJournalContract.assertSame(journal.read(id), MessageJournalContract.segment(id, 100_000));
        }
        List<Integer> found = new ArrayList<>();
        journal.loadEntries((id, entries) -> found.add((int) id));
        assertThat(found).containsExactly(ids);
    }
}
