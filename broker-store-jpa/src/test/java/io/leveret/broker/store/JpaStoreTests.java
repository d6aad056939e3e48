package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JpaStoreTests {
    @Test
    @SuppressWarnings("try")
    void refusesADatabaseFileThatAnotherStoreHas(@TempDir Path directory) {
        try (JpaStore first = JpaStore.open(StoreConfig.h2(directory))) {
            assertThatThrownBy(() -> JpaStore.open(StoreConfig.h2(directory)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(directory.resolve("broker.mv.db").toString())
                    .hasMessageContaining("in use")
                    .hasMessageContaining("another broker");
        }
        JpaStore.open(StoreConfig.h2(directory)).close();
    }

    @Test
    void refusesADatabaseFileThatAnotherProgramHas(@TempDir Path directory) throws IOException {
        JpaStore.open(StoreConfig.h2(directory)).close();
        Path file = directory.resolve("broker.mv.db");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> JpaStore.open(StoreConfig.h2(directory)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("in use");
        }
        JpaStore.open(StoreConfig.h2(directory)).close();
    }

    @Test
    void saysWhenADirectoryCannotBeUsed(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> JpaStore.open(StoreConfig.h2(file)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void leavesNoThreadBehind(@TempDir Path directory) {
        JpaStore.open(StoreConfig.h2(directory)).close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.contains("broker-store")
                        || name.contains(directory.getFileName().toString())));
    }

    @Test
    void isSyncedAfterEachChange(@TempDir Path directory) throws IOException {
        StoreConfig config = StoreConfig.h2(directory);
        Definition vhost = Definition.VirtualHost.named("v");
        try (JpaStore store = JpaStore.open(config)) {
            store.definitions().apply(List.of(new DefinitionChange.Put(vhost)));
            // what is in the file now is what a kill would leave
            Path copy = Files.createDirectory(directory.resolve("copy"));
            Files.copy(directory.resolve("broker.mv.db"), copy.resolve("broker.mv.db"));
            try (JpaStore killed = JpaStore.open(StoreConfig.h2(copy))) {
                assertThat(killed.definitions().load()).containsExactly(vhost);
            }
        }
    }
}
