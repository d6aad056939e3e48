package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.store.postgres.OwnPostgres;
import io.leveret.broker.store.postgres.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a store does while its PostgreSQL is away. */
class DatabaseGoneTests {
    private static final Definition BEFORE = Definition.VirtualHost.named("before");
    private static final Definition MEANWHILE = Definition.VirtualHost.named("meanwhile");

    @RegisterExtension
    static final OwnPostgres POSTGRES = new OwnPostgres();

    private final PostgresServer server = POSTGRES.server();

    private StoreConfig config;

    @BeforeEach
    void newDatabase() {
        config = server.newDatabase();
    }

    @Test
    void aChangeWaitsForTheDatabaseToComeBack() {
        try (JpaStore store = JpaStore.open(config.withPatience(Duration.ofMinutes(1)))) {
            DefinitionStore definitions = store.definitions();
            put(definitions, BEFORE);
            server.kill();
            CompletableFuture<Void> change = CompletableFuture.runAsync(() -> put(definitions, MEANWHILE));
            await().pollDelay(Duration.ofMillis(500)).until(() -> !change.isDone());
            server.startAgain();
            change.orTimeout(1, TimeUnit.MINUTES).join();
            assertThat(definitions.load()).containsExactlyInAnyOrder(BEFORE, MEANWHILE);
        }
    }

    @Test
    void aChangeFailsWhenTheDatabaseStaysAwayAndNothingOfItIsDone() {
        try (JpaStore store = JpaStore.open(config.withPatience(Duration.ofSeconds(1)))) {
            DefinitionStore definitions = store.definitions();
            put(definitions, BEFORE);
            server.stop();
            long start = System.nanoTime();
            assertThatThrownBy(() -> put(definitions, MEANWHILE))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(config.place())
                    .hasMessageContaining("can't be reached");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(20));
            server.startAgain();
            // the pool pauses between its attempts, longer and longer
            await().ignoreException(StoreException.class)
                    .untilAsserted(() -> assertThat(definitions.load()).containsExactly(BEFORE));
            put(definitions, MEANWHILE);
            assertThat(definitions.load()).containsExactlyInAnyOrder(BEFORE, MEANWHILE);
        }
    }

    @Test
    void openingWaitsForADatabaseThatIsBeingStarted() {
        server.stop();
        CompletableFuture<JpaStore> opening =
                CompletableFuture.supplyAsync(() -> JpaStore.open(config.withPatience(Duration.ofMinutes(1))));
        await().pollDelay(Duration.ofMillis(500)).until(() -> !opening.isDone());
        server.startAgain();
        try (JpaStore store = opening.orTimeout(1, TimeUnit.MINUTES).join()) {
            assertThat(store.definitions().load()).isEmpty();
        }
    }

    @Test
    void openingFailsWhenThereIsNoServer() {
        server.stop();
        assertThatThrownBy(() -> JpaStore.open(config.withPatience(Duration.ofMillis(500))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(config.place())
                .hasMessageContaining("refused");
    }

    @Test
    void openingDoesNotWaitWhenThePasswordIsWrong() {
        // the pool itself waits a quarter of it for each connection
        StoreConfig wrong = StoreConfig.of(config.url(), config.username(), "secret and wrong")
                .withPatience(Duration.ofSeconds(40));
        CompletableFuture<JpaStore> opening = CompletableFuture.supplyAsync(() -> JpaStore.open(wrong));
        assertThatThrownBy(() -> opening.orTimeout(30, TimeUnit.SECONDS).join())
                .hasRootCauseInstanceOf(java.sql.SQLException.class)
                .cause()
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageContaining(config.place())
                .hasMessageNotContaining("secret");
    }

    private static void put(DefinitionStore definitions, Definition definition) {
        definitions.apply(List.of(new DefinitionChange.Put(definition)));
    }
}
