package io.leveret.broker.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.PersistenceException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.Transaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pool and the persistence unit of a store. Any thread. */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long LEAST_WAIT_MILLIS = 1000;
    private static final long MAX_LIFETIME_MILLIS = 1_800_000;

    private final StoreConfig config;
    private final Vendor vendor;
    private final @Nullable DatabaseFile file;
    private final HikariDataSource pool;
    private final SessionFactory unit;

    private Database(
            StoreConfig config,
            Vendor vendor,
            @Nullable DatabaseFile file,
            HikariDataSource pool,
            SessionFactory unit) {
        this.config = config;
        this.vendor = vendor;
        this.file = file;
        this.pool = pool;
        this.unit = unit;
    }

    /**
     * See {@link JpaStore#open}.
     *
     * @param source where the pool gets its connections from; null to make them by itself
     */
    static Database open(StoreConfig config, @Nullable DataSource source, StorePreparation preparation) {
        Vendor vendor = Vendor.of(config.url());
        DatabaseFile file = source != null
                ? null
                : H2Files.database(config.url()).map(DatabaseFile::claim).orElse(null);
        // it is made while the database opens
        CompletableFuture<PersistenceUnit> unit = preparation.take(vendor, config.properties());
        HikariDataSource pool = null;
        boolean opened = false;
        try (PostgresClaim claim = source == null && vendor == Vendor.POSTGRESQL ? PostgresClaim.take(config) : null) {
            Schema schema = new Schema(config, vendor);
            if (claim == null) {
                pool = new HikariDataSource(poolConfig(config, vendor, source));
                schema.bringUpToDate(pool);
            } else {
                schema.bringUpToDate(claim.unchecked());
                claim.begin();
                pool = new HikariDataSource(poolConfig(config, vendor, claim.checked()));
            }
            var database = new Database(config, vendor, file, pool, open(unit, config, pool));
            database.unsafeSettings()
                    .forEach(setting -> LOG.warn(
                            "the database may lose what was confirmed when its power fails: {} is off, database={}",
                            setting,
                            config.place()));
            opened = true;
            return database;
        } finally {
            if (!opened) {
                unit.thenAccept(PersistenceUnit::close);
                close(pool, file);
            }
        }
    }

    private static SessionFactory open(
            CompletableFuture<PersistenceUnit> unit, StoreConfig config, DataSource connections) {
        try {
            return unit.join().open(connections);
        } catch (CompletionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new StoreException(
                    "the settings for " + config.place() + " do not fit Hibernate: " + cause.getMessage(), cause);
        } catch (PersistenceException e) {
            throw new StoreException(
                    "the tables in " + config.place() + " do not fit this program: " + e.getMessage(), e);
        }
    }

    private static HikariConfig poolConfig(StoreConfig config, Vendor vendor, @Nullable DataSource source) {
        var pool = new HikariConfig();
        pool.setPoolName("broker-store");
        if (source == null) {
            pool.setDriverClassName(vendor.driver());
            pool.setJdbcUrl(vendor.complete(config.url()));
            pool.setUsername(config.username());
            pool.setPassword(config.password());
        } else {
            pool.setDataSource(source);
        }
        pool.setConnectionInitSql(vendor.firstStatement());
        // or it would be undone with the transaction it is in
        pool.setIsolateInternalQueries(true);
        pool.setAutoCommit(false);
        pool.setMaximumPoolSize(config.poolSize());
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(Math.max(LEAST_WAIT_MILLIS, config.patience().toMillis() / 4));
        // the database of an H2 file closes with the last connection
        pool.setMaxLifetime(vendor == Vendor.H2 ? 0 : MAX_LIFETIME_MILLIS);
        // the first connection is waited for where it is used, which can say better what is wrong
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    StoreConfig config() {
        return config;
    }

    Vendor vendor() {
        return vendor;
    }

    /** Connections that do not commit by themselves. */
    DataSource connections() {
        return pool;
    }

    /** Settings of a PostgreSQL server, and not of a connection, that let it forget what it has committed. */
    List<String> unsafeSettings() {
        return vendor == Vendor.POSTGRESQL
                ? Stream.of("fsync", "full_page_writes")
                        .filter(name -> setting(name).equals("off"))
                        .toList()
                : List.of();
    }

    /** A setting of PostgreSQL as the connections of the store have it. */
    String setting(String name) {
        return inSession(session -> session.createNativeQuery("select current_setting(:name)", String.class)
                .setParameter("name", name)
                .getSingleResult());
    }

    /** Reads. What is changed is undone. */
    <T extends @Nullable Object> T inSession(Function<StatelessSession, T> work) {
        try (StatelessSession session = unit.openStatelessSession()) {
            try {
                return work.apply(session);
            } catch (PersistenceException e) {
                abandon(session, e);
                throw e;
            }
        }
    }

    /**
     * Changes something, all or nothing, and returns when it is on disk.
     *
     * @throws UnsyncedException if it was done, but is perhaps not on disk
     * @throws org.hibernate.HibernateException when nothing is known about it: it may have been done or not
     */
    <T extends @Nullable Object> T inTransaction(Function<StatelessSession, T> work) {
        try (StatelessSession session = unit.openStatelessSession()) {
            Transaction transaction = session.beginTransaction();
            try {
                T result = work.apply(session);
                transaction.commit();
                sync(session);
                return result;
            } catch (PersistenceException e) {
                rollback(transaction, e);
                abandon(session, e);
                throw e;
            }
        }
    }

    /** If there is nothing left to talk to, the database does it by itself. */
    private static void rollback(Transaction transaction, PersistenceException reason) {
        try {
            if (transaction.getStatus().canRollback()) {
                transaction.rollback();
            }
        } catch (PersistenceException e) {
            reason.addSuppressed(e);
        }
    }

    /** Has a commit of H2 written through to the disk; it has only reached the operating system before. */
    private void sync(StatelessSession session) {
        if (vendor == Vendor.H2) {
            try {
                session.doWork(connection -> execute(connection, "CHECKPOINT SYNC"));
            } catch (PersistenceException e) {
                throw new UnsyncedException(e);
            }
        }
    }

    /**
     * After its file could not be written or synced, H2 knows things that are not on disk, and perhaps never will be. So it
     * has to forget all of it; the next connection opens the file again.
     */
    private void abandon(StatelessSession session, PersistenceException reason) {
        if (!pool.isClosed() && ownsFile() && Failures.isOfTheFile(reason)) {
            try {
                session.doWork(connection -> execute(connection, "SHUTDOWN IMMEDIATELY"));
            } catch (PersistenceException e) {
                // it has shut down by itself
                reason.addSuppressed(e);
            }
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** Whether the database is a file that nobody else has open. */
    private boolean ownsFile() {
        String url = pool.getJdbcUrl();
        return url != null && url.startsWith("jdbc:h2:" + DataFilePath.SCHEME + ":");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Writes a copy of the database as it is now, while it is in use; only H2 can, when it is in a file.
     *
     * @throws IOException if the copy can't be written
     */
    void backup(Path target) throws IOException {
        Path dataFile = H2Files.database(config.url())
                .map(H2Files::dataFile)
                .orElseThrow(() -> new StoreException("a database in memory has no backup", null));
        IOException failure = inSession(session -> session.doReturningWork(connection -> {
            try {
                H2Backup.write(connection, dataFile, target);
                return null;
            } catch (IOException e) {
                return e;
            }
        }));
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        unit.close();
        close(pool, file);
    }

    private static void close(@Nullable HikariDataSource pool, @Nullable DatabaseFile file) {
        try (file;
                pool) {
            // in this order: pool, file
        }
    }
}
