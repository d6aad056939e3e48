package io.leveret.broker.store;

import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.journal.MessageJournal;
import jakarta.persistence.PersistenceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

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
        return open(config, StorePreparation.none());
    }

    /**
     * Opens a store with what has been made ahead.
     *
     * @throws StoreException as {@link #open(StoreConfig)}
     */
    public static JpaStore open(StoreConfig config, StorePreparation preparation) {
        return new JpaStore(Database.open(config, null, preparation));
    }

    /**
     * Opens a store in a database of somebody else's, through a pool of its own that gets its connections from there.
     *
     * @param properties as in {@link StoreConfig}
     * @throws StoreException as {@link #open(StoreConfig)}, or if the database is neither H2 nor PostgreSQL
     */
    public static JpaStore open(DataSource source, Map<String, String> properties) {
        return new JpaStore(
                Database.open(configOf(source).withProperties(properties), source, StorePreparation.none()));
    }

    private static StoreConfig configOf(DataSource source) {
        try (Connection connection = source.getConnection()) {
            DatabaseMetaData metadata = connection.getMetaData();
            return StoreConfig.of(metadata.getURL(), Objects.requireNonNullElse(metadata.getUserName(), ""), "");
        } catch (SQLException e) {
            throw new StoreException("there is no connection to be had of the DataSource: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new StoreException(e.getMessage(), e);
        }
    }

    /** The database, as texts name it: its URL without parameters. */
    public String place() {
        return database.config().place();
    }

    /** The directory of the file that the database is in; empty if it is in none. */
    public Optional<Path> directory() {
        return H2Files.database(database.config().url()).map(Path::getParent);
    }

    /** The definitions. Closing them does nothing; close the store. */
    public DefinitionStore definitions() {
        return new JpaDefinitionStore(database);
    }

    /** The messages. Closing the journal does nothing; close the store. */
    public MessageJournal journal() {
        return new JpaMessageJournal(database);
    }

    /**
     * Copies an H2 database, while it is in use, as it is at one moment that is not before the call: what was confirmed
     * before is in the copy.
     *
     * @param target a zip file that is not there yet; what is in it is put into an empty data directory to restore it
     * @throws StoreException if the copy could not be written, or the database is PostgreSQL, which has tools for it
     */
    public void backup(Path target) {
        if (database.vendor() != Vendor.H2) {
            throw new StoreException(
                    "a backup of " + place()
                            + " is made with PostgreSQL's own tools, while the broker runs: pg_dump --format=custom --file="
                            + target + " ..., and restored with pg_restore",
                    null);
        }
        if (Files.exists(target)) {
            throw new StoreException("the backup would overwrite " + target, null);
        }
        try {
            Path part = target.resolveSibling(target.getFileName() + ".part");
            database.backup(part);
            try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            Files.move(part, target);
        } catch (PersistenceException | IOException e) {
            throw new StoreException("the backup could not be written to " + target + ": " + e.getMessage(), e);
        }
    }

    /** Gives the database back. Call it after the last change has returned. */
    @Override
    public void close() {
        database.close();
    }
}
