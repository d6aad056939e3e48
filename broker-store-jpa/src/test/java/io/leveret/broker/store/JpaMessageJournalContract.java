package io.leveret.broker.store;

import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.store.journal.PayloadRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What a {@link JpaMessageJournal} does in every database. */
abstract class JpaMessageJournalContract extends MessageJournalContract {
    private StoreConfig config;
    private JpaStore store;

    /** An empty database. */
    abstract StoreConfig newDatabase();

    @BeforeEach
    void openStore() {
        config = newDatabase();
        store = JpaStore.open(config);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    final JpaStore store() {
        return store;
    }

    @Override
    final MessageJournal journal() {
        return store.journal();
    }

    @Override
    final void reopen() {
        store.close();
        store = JpaStore.open(config);
    }

    @Override
    final void losePayload(long id) {
        StoreSql.execute(
                config,
                "delete from broker_journal_payload where id between " + PayloadRow.first(id) + " and "
                        + PayloadRow.last(id));
    }
}
