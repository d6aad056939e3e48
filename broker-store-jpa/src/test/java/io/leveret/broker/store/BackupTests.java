package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.journal.JournalChanges;
import io.leveret.broker.journal.JournalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTests {
    private static final int LIVE = 20;
    private static final int BYTES = 50_000;

    @TempDir
    private Path directory;

    @Test
    void copiesAJournalWhileItIsWritten() throws Exception {
        try (JpaStore store = JpaStore.open(StoreConfig.h2(directory.resolve("data")))) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong committed = new AtomicLong();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    long id = committed.get() + 1;
                    JournalSegment added = MessageJournalContract.segment(id, BYTES);
                    store.journal()
                            .commit(new JournalChanges(
                                    List.of(added), List.of(), List.of(), id > LIVE ? List.of(id - LIVE) : List.of()));
                    committed.set(id);
                }
            });
            try {
                for (int round = 0; round < 3; round++) {
                    long some = committed.get() + LIVE;
                    Awaitility.await().until(() -> committed.get() > some || writer.isDone());
                    long before = committed.get();
                    Path zip = directory.resolve("backup" + round + ".zip");
                    store.backup(zip);
                    checkRestored(zip, before, committed.get() + 1);
                }
            } finally {
                over.set(true);
                writer.join();
            }
        }
    }

    private void checkRestored(Path zip, long atLeast, long atMost) throws IOException {
        Path restored = Files.createTempDirectory(directory, "restored");
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Files.copy(entries, restored.resolve(entry.getName()));
            }
        }
        try (JpaStore store = JpaStore.open(StoreConfig.h2(restored))) {
            List<Long> ids = new ArrayList<>();
            store.journal().loadEntries((id, entries) -> ids.add(id));
            assertThat(ids).hasSize(LIVE).isSorted();
            assertThat(ids.get(LIVE - 1)).isBetween(atLeast, atMost).isEqualTo(ids.get(0) + LIVE - 1);
            for (long id : ids) {
                MessageJournalContract.assertSame(store.journal().read(id), MessageJournalContract.segment(id, BYTES));
            }
            store.journal().commit(MessageJournalContract.add(MessageJournalContract.segment(1, BYTES)));
        }
    }

    @Test
    void overwritesNothing() throws Exception {
        Path there = Files.writeString(directory.resolve("there.zip"), "precious");
        try (JpaStore store = JpaStore.open(StoreConfig.h2(directory.resolve("data")))) {
            assertThatThrownBy(() -> store.backup(there))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(there.toString());
        }
        assertThat(there).hasContent("precious");
    }
}
