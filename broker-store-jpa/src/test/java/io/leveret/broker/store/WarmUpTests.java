package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmUpTests {
    @AfterEach
    void drop() {
        WarmUp.drop();
    }

    @Test
    void theNextStoreTakesIt() {
        CompletableFuture<PersistenceUnit> begun = begin();
        try (JpaStore store = JpaStore.open(StoreConfig.of("jdbc:h2:mem:warm", "", ""))) {
            assertThat(store.definitions().load()).isEmpty();
            assertThat(begun.join().isOpen()).isTrue();
            assertThat(WarmUp.begun()).isNull();
        }
        assertThat(begun.join().isOpen()).isFalse();
    }

    @Test
    void itIsOfNoUseToAStoreWithSettingsOfItsOwn() {
        CompletableFuture<PersistenceUnit> begun = begin();
        StoreConfig config =
                StoreConfig.of("jdbc:h2:mem:own", "", "").withProperties(Map.of("hibernate.jdbc.batch_size", "10"));
        try (JpaStore store = JpaStore.open(config)) {
            assertThat(store.definitions().load()).isEmpty();
            await().until(() -> !begun.join().isOpen());
        }
    }

    @Test
    void nothingIsLeftWhenItIsDropped() {
        CompletableFuture<PersistenceUnit> begun = begin();
        JpaStore.coolDown();
        assertThat(WarmUp.begun()).isNull();
        await().until(() -> !begun.join().isOpen());
    }

    private static CompletableFuture<PersistenceUnit> begin() {
        JpaStore.warmUp();
        return Objects.requireNonNull(WarmUp.begun());
    }
}
