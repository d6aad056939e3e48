package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.journal.JournalException;
import io.leveret.broker.store.postgres.OwnPostgres;
import io.leveret.broker.store.postgres.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresOutageTests {
    @RegisterExtension
    static final OwnPostgres POSTGRES = new OwnPostgres();

    private final PostgresServer server = POSTGRES.server();

    private StoreConfig config;
    private JpaStore store;

    @BeforeEach
    void openStore() {
        config = server.newDatabase().withPatience(Duration.ofSeconds(4));
        store = JpaStore.open(config);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void failsSoonWhileTheServerIsAwayAndWorksWhenItIsBack() {
        commit(1);
        server.stop();
        long start = System.nanoTime();
        assertThatThrownBy(() -> commit(2)).isInstanceOf(JournalException.class);
        assertThatThrownBy(() -> store.journal().read(1)).isInstanceOf(JournalException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        server.startAgain();
        commitOnceThePoolHasNoticed(2);
        MessageJournalContract.assertSame(store.journal().read(1), MessageJournalContract.segment(1, 5000));
        MessageJournalContract.assertSame(store.journal().read(2), MessageJournalContract.segment(2, 5000));
    }

    @Test
    void losesNothingWhenTheServerIsKilled() {
        commit(1);
        server.kill();
        assertThatThrownBy(() -> commit(2)).isInstanceOf(JournalException.class);
        server.startAgain();
        commitOnceThePoolHasNoticed(2);
        MessageJournalContract.assertSame(store.journal().read(1), MessageJournalContract.segment(1, 5000));
        MessageJournalContract.assertSame(store.journal().read(2), MessageJournalContract.segment(2, 5000));
    }

    @Test
    void waitsForTheDiskEvenIfTheServerWouldNot() {
        whileSet("synchronous_commit", "off", other -> {
            assertThat(other.setting("synchronous_commit")).isEqualTo("on");
            assertThat(other.unsafeSettings()).isEmpty();
        });
    }

    @Test
    void knowsThatAServerDoesNotSync() {
        whileSet("fsync", "off", other -> assertThat(other.unsafeSettings()).containsExactly("fsync"));
    }

    @Test
    void saysHowABackupIsMade() {
        assertThatThrownBy(() -> store.backup(Path.of("backup.dump")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("pg_dump");
    }

    private void whileSet(String setting, String value, Consumer<Database> test) {
        StoreConfig other = server.newDatabase();
        String before = StoreSql.query(other, "show " + setting).get(0);
        server.execute("alter system set " + setting + " = " + value);
        awaitSetting(other, setting, value);
        try (Database database = Database.open(other, null, StorePreparation.none())) {
            test.accept(database);
        } finally {
            server.execute("alter system reset " + setting);
            awaitSetting(other, setting, before);
        }
    }

    private void awaitSetting(StoreConfig database, String setting, String value) {
        server.execute("select pg_reload_conf()");
        await().until(() -> StoreSql.query(database, "show " + setting).equals(List.of(value)));
    }

    /** A connection of the pool that was used a moment before the server went may fail once more. */
    private void commitOnceThePoolHasNoticed(long id) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(JournalException.class)
                .untilAsserted(() -> commit(id));
    }

    private void commit(long id) {
        store.journal().commit(MessageJournalContract.add(MessageJournalContract.segment(id, 5000)));
    }
}
