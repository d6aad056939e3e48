package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StorePreparationTests {
    private final StorePreparation preparation = StorePreparation.begin();
    private final CompletableFuture<PersistenceUnit> unit = Objects.requireNonNull(preparation.left());

    @Test
    void theNextStoreTakesIt() {
        try (JpaStore store = JpaStore.open(StoreConfig.of("jdbc:h2:mem:warm", "", ""), preparation)) {
            assertThat(preparation.left()).isNull();
            preparation.close();
            assertThat(store.definitions().load()).isEmpty();
            assertThat(unit.join().isOpen()).isTrue();
        }
        assertThat(unit.join().isOpen()).isFalse();
    }

    @Test
    void theStoreAfterItMakesItsOwn() {
        JpaStore.open(StoreConfig.of("jdbc:h2:mem:warm", "", ""), preparation).close();
        try (JpaStore store = JpaStore.open(StoreConfig.of("jdbc:h2:mem:after", "", ""), preparation)) {
            assertThat(store.definitions().load()).isEmpty();
            assertThat(unit.join().isOpen()).isFalse();
        }
    }

    @Test
    void itIsOfNoUseToAStoreWithSettingsOfItsOwn() {
        StoreConfig config =
                StoreConfig.of("jdbc:h2:mem:own", "", "").withProperties(Map.of("hibernate.jdbc.batch_size", "10"));
        try (JpaStore store = JpaStore.open(config, preparation)) {
            assertThat(store.definitions().load()).isEmpty();
            assertThat(preparation.left()).isSameAs(unit);
        }
        preparation.close();
        await().until(() -> !unit.join().isOpen());
    }

    @Test
    void nothingIsLeftWhenItIsDropped() {
        preparation.close();
        assertThat(preparation.left()).isNull();
        await().until(() -> !unit.join().isOpen());
    }
}
