package io.leveret.broker.store;

import io.leveret.broker.store.postgres.SharedPostgres;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresMessageJournalTests extends JpaMessageJournalContract {
    @RegisterExtension
    static final SharedPostgres POSTGRES = new SharedPostgres();

    @Override
    StoreConfig newDatabase() {
        return POSTGRES.newDatabase();
    }
}
