package io.leveret.broker.store;

import jakarta.persistence.PersistenceException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** What the errors of a database mean to a store. */
final class Failures {
    private static final int H2_DATABASE_IN_USE = 90020;

    /** Of H2: closed, shut down, connection broken, lost or timed out. */
    private static final Set<Integer> H2_AWAY = Set.of(90007, 90028, 90031, 90067, 90098, 90121, 90135);

    /** Of H2: the file can't be written or read, what is in it is damaged, or anything else has gone wrong in its depths. */
    private static final Set<Integer> H2_FILE = Set.of(50000, 90028, 90030, 90031, 90098, 90121);

    private Failures() {}

    /** What to tell when a store can't be opened. */
    static StoreException opening(StoreConfig config, SQLException e) {
        SQLException deepest = deepest(e);
        SQLException cause = deepest == null ? e : deepest;
        if (cause.getErrorCode() == H2_DATABASE_IN_USE) {
            Path database = H2Files.database(config.url()).orElse(Path.of(config.place()));
            return DatabaseFile.inUse(database, e);
        }
        return new StoreException("the database " + config.place() + " can't be used: " + cause.getMessage(), e);
    }

    /** What to tell when definitions can't be stored, or can't be read any more. */
    static StoreException working(StoreConfig config, PersistenceException e) {
        return new StoreException(
                mayPass(e)
                        ? "the database " + config.place() + " can't be reached: " + message(e)
                        : "definitions can't be stored in " + config.place() + ": " + message(e),
                e);
    }

    private static @Nullable String message(Throwable failure) {
        SQLException cause = deepest(failure);
        return cause == null ? failure.getMessage() : cause.getMessage();
    }

    /** Whether it may work later, because the database can't be reached or is busy with others. */
    static boolean mayPass(Throwable failure) {
        // the pool puts an exception of its own, which says nothing, around what it got from the driver
        SQLException cause = deepest(failure);
        return cause != null && isTransient(cause);
    }

    /** Whether an H2 database has to be opened again before anything else can be done with it. */
    static boolean isOfTheFile(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsyncedException
                    || cause instanceof IOException
                    || cause instanceof MVStoreException
                    || cause instanceof SQLException e && H2_FILE.contains(e.getErrorCode())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTransient(SQLException e) {
        @Nullable String state = e.getSQLState();
        return e instanceof java.sql.SQLTransientException
                || e instanceof java.sql.SQLRecoverableException
                || H2_AWAY.contains(e.getErrorCode())
                // connection, operator intervention, serialization, resources
                || state != null
                        && (state.startsWith("08")
                                || state.startsWith("57P")
                                || state.startsWith("40")
                                || state.equals("53300"));
    }

    private static @Nullable SQLException deepest(Throwable failure) {
        SQLException deepest = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException inner) {
                deepest = inner;
            }
        }
        return deepest;
    }
}
