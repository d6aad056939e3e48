package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
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
}
