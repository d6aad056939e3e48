package io.leveret.broker.store.postgres;

import io.leveret.broker.store.StoreConfig;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The PostgreSQL that the test classes of a JVM share, as a static field of each. It is started for the first of them and
 * closed after the last; who stops a server or changes its settings needs a {@link PostgresServer} of its own.
 */
public final class SharedPostgres implements BeforeAllCallback {
    private PostgresServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(Namespace.create(SharedPostgres.class))
                .computeIfAbsent(PostgresServer.class, type -> PostgresServer.start(), PostgresServer.class);
    }

    /** A store in a new, empty database. */
    public StoreConfig newDatabase() {
        return server.newDatabase();
    }
}
