package io.leveret.broker.store;

import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.journal.MessageJournal;

/**
 * Keeps definitions and messages in a database, by a pool and a persistence unit of its own that nobody else sees. Any
 * thread.
 */
public final class JpaStore implements AutoCloseable {
    private final Database database;

    private JpaStore(Database database) {
        this.database = database;
    }

    /**
     * Opens a store; makes its tables, or brings them up to date, if needed. They are called {@code broker_...}, and
     * nothing else in the database is touched.
     *
     * @throws StoreException if the database can't be reached or is in use by another store, or if its tables were made by
     *     a newer version of this program
     */
    public static JpaStore open(StoreConfig config) {
        return new JpaStore(Database.open(config));
    }

    /** The definitions. Closing them does nothing; close the store. */
    public DefinitionStore definitions() {
        return new JpaDefinitionStore(database);
    }

    /** The messages. Closing the journal does nothing; close the store. */
    public MessageJournal journal() {
        throw new UnsupportedOperationException("messages are not stored yet");
    }

    /** Gives the database back. Call it after the last change has returned. */
    @Override
    public void close() {
        database.close();
    }
}
