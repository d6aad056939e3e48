package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.store.postgres.SharedPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two brokers that are given the same database. */
class PostgresClaimTests {
    @RegisterExtension
    static final SharedPostgres POSTGRES = new SharedPostgres();

    private final StoreConfig config = POSTGRES.newDatabase().withPatience(Duration.ofMillis(500));

    @Test
    void onlyOneGetsIt() {
        try (JpaStore first = JpaStore.open(config)) {
            assertThatThrownBy(() -> JpaStore.open(config))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in use already")
                    .hasMessageContaining(config.place());
            commit(first, 1);
        }
        try (JpaStore next = JpaStore.open(config)) {
            assertThat(next.journal().read(1)).isNotNull();
        }
    }

    @Test
    void anotherSchemaIsAnotherDatabase() {
        StoreSql.execute(config, "create schema other");
        StoreConfig other = StoreConfig.of(config.url() + "?currentSchema=other", config.username(), config.password());
        try (JpaStore one = JpaStore.open(config);
                JpaStore two = JpaStore.open(other)) {
            commit(one, 1);
            assertThat(two.journal().read(1)).isNull();
        }
    }

    @Test
    void whoWasCutOffGoesOn() {
        try (JpaStore store = JpaStore.open(config)) {
            cutOff();
            await().ignoreException(JournalException.class).untilAsserted(() -> commit(store, 1));
            assertThat(store.journal().read(1)).isNotNull();
        }
    }

    @Test
    void whoWasCutOffStoresNothingOnceAnotherOneHasOpenedIt() {
        try (JpaStore first = JpaStore.open(config)) {
            commit(first, 1);
            try (JpaStore second = takeOver()) {
                commit(second, 2);
                // the connections that were cut off are used up first
                await().untilAsserted(() -> assertThatThrownBy(() -> commit(first, 3))
                        .isInstanceOf(JournalException.class)
                        .hasStackTraceContaining("another broker has opened the database"));
                await().untilAsserted(() -> assertThatThrownBy(
                                () -> first.definitions().apply(List.of(new DefinitionChange.Put(vhost()))))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("another broker has opened the database"));
                assertThat(second.journal().read(3)).isNull();
            }
            assertThatThrownBy(() -> commit(first, 4)).isInstanceOf(JournalException.class);
        }
    }

    /** The first one connects again as soon as it can. */
    private JpaStore takeOver() {
        return await().ignoreException(StoreException.class)
                .until(
                        () -> {
                            cutOff();
                            return JpaStore.open(config);
                        },
                        store -> true);
    }

    private void cutOff() {
        StoreSql.query(
                config,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    }

    private static Definition vhost() {
        return Definition.VirtualHost.named("later");
    }

    private static void commit(JpaStore store, long id) {
        store.journal().commit(MessageJournalContract.add(MessageJournalContract.segment(id, 10)));
    }
}
