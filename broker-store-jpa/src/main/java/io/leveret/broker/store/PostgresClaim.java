package io.leveret.broker.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * The claim of one store to a schema of a PostgreSQL database. Each of its connections holds an advisory lock, shared with the
 * others of the same store; opening a store takes the lock alone, which it can't while another store has a connection. A
 * store whose connections have all been cut off, and whose database was opened by another one meanwhile, finds a new
 * generation when it connects again, and gets no connection any more: what it would write belongs to the other.
 *
 * <p>Any thread, once it has begun.
 */
final class PostgresClaim implements AutoCloseable {
    private static final String KEY = "hashtextextended('broker_store ' || current_schema(), 0)";

    /** What a host that has lost its power holds on to is free after half a minute. */
    private static final String KEEP_ALIVE = "select set_config('tcp_keepalives_idle', '15', false),"
            + " set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)";

    private final StoreConfig config;
    private final Connection first;
    private volatile long generation;

    private PostgresClaim(StoreConfig config, Connection first) {
        this.config = config;
        this.first = first;
    }

    /**
     * Waits, as long as the settings say, for a server that starts and for another broker that stops.
     *
     * @throws StoreException if the database is in use by another broker, or can't be reached
     */
    static PostgresClaim take(StoreConfig config) {
        var taken = new AtomicBoolean();
        DataSource source = new PostgresConnections(
                config, connection -> taken.set(ask(connection, "select pg_try_advisory_lock(" + KEY + ")")));
        var patience = new Patience(config.patience());
        while (true) {
            try {
                Connection connection = source.getConnection();
                if (taken.get()) {
                    return new PostgresClaim(config, connection);
                }
                connection.close();
                if (!patience.pause()) {
                    throw new StoreException(
                            "the database " + config.place() + " is in use already: another broker has it open", null);
                }
            } catch (SQLException e) {
                if (!Failures.mayPass(e) || !patience.pause()) {
                    throw Failures.opening(config, e);
                }
            }
        }
    }

    /** Connections for making the tables, while nobody else can; they do not commit by themselves. */
    DataSource unchecked() {
        return new PostgresConnections(config, connection -> connection.setAutoCommit(false));
    }

    /** From here on there are {@link #checked} connections; the tables must be there. */
    void begin() {
        try (Statement statement = first.createStatement();
                ResultSet rows = statement.executeQuery(
                        "update broker_generation set generation = generation + 1 returning generation")) {
            if (!rows.next()) {
                throw new SQLException("the table broker_generation is empty");
            }
            generation = rows.getLong(1);
            ask(first, "select pg_try_advisory_lock_shared(" + KEY + ")");
            ask(first, "select pg_advisory_unlock(" + KEY + ")");
        } catch (SQLException e) {
            throw Failures.opening(config, e);
        }
    }

    /** Connections that are there as long as no other store has opened the database. */
    DataSource checked() {
        return new PostgresConnections(config, this::check);
    }

    private void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(KEEP_ALIVE);
        }
        // the lock first: who has it sees what the last owner of the lock has done
        boolean isFree = ask(connection, "select pg_try_advisory_lock_shared(" + KEY + ")");
        if (!isFree || !ask(connection, "select generation = " + generation + " from broker_generation")) {
            throw new SQLException("another broker has opened the database " + config.place()
                    + " since this one lost its connections; this one stores nothing any more");
        }
    }

    private static boolean ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** The first connection, which held the claim until there were others. */
    @Override
    public void close() {
        try {
            first.close();
        } catch (SQLException e) {
            throw Failures.opening(config, e);
        }
    }
}
