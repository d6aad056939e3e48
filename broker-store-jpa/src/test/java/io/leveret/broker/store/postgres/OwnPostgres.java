package io.leveret.broker.store.postgres;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The PostgreSQL of one test class, as a static field of it. Its tests may stop it; it runs again before the next one. */
public final class OwnPostgres implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private PostgresServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = PostgresServer.start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!server.isRunning()) {
            server.startAgain();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
    }

    public PostgresServer server() {
        return server;
    }
}
