package io.leveret.broker.store;

import io.leveret.broker.store.postgres.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresMessageJournalTests extends JpaMessageJournalContract {
    private static PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    StoreConfig newDatabase() {
        return server.newDatabase();
    }
}
