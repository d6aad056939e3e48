package io.leveret.broker.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables of a store, and the migrations that make them. */
final class Schema {
    private static final String HISTORY = "broker_schema_history";

    private final StoreConfig config;
    private final Vendor vendor;

    Schema(StoreConfig config, Vendor vendor) {
        this.config = config;
        this.vendor = vendor;
    }

    /**
     * Runs the migrations that have not been run.
     *
     * @throws StoreException if there are some that this program does not know, or if the database can't be reached
     */
    void bringUpToDate(DataSource connections) {
        try (Connection connection = connect(connections)) {
            History history = history(connection);
            if (history.version() > vendor.version()) {
                throw new StoreException(
                        "the tables in %s are of version %d, made by a newer version of this program; this one knows versions up to %d. Start the newer program, or give this one another database"
                                .formatted(config.place(), history.version(), vendor.version()),
                        null);
            }
            if (history.failed() || history.version() < vendor.version()) {
                migrate(connections, history.failed());
            }
        } catch (SQLException e) {
            throw Failures.opening(config, e);
        }
    }

    /** Waits for a database that starts at the same time. */
    private Connection connect(DataSource connections) throws SQLException {
        var patience = new Patience(config.patience());
        while (true) {
            try {
                return connections.getConnection();
            } catch (SQLException e) {
                // opening a large file after a crash takes H2 as long as it takes
                if (!isStillOpening(e) && (!Failures.mayPass(e) || !patience.pause())) {
                    throw e;
                }
            }
        }
    }

    /** Whether the pool has waited in vain, but has not been told of anything that is wrong. */
    private boolean isStillOpening(SQLException e) {
        return vendor == Vendor.H2 && e instanceof SQLTransientConnectionException && e.getCause() == null;
    }

    private void migrate(DataSource connections, boolean failed) {
        try {
            Flyway flyway = Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(connections)
                    .resourceProvider(new Migrations(vendor))
                    .javaMigrationClassProvider(List::of)
                    .table(HISTORY)
                    // other people's tables may be there already
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load();
            if (failed) {
                // what a migration had done when it failed is there to stay in H2; it is written to be run again
                flyway.repair();
            }
            flyway.migrate();
        } catch (FlywayException e) {
            throw new StoreException("the tables in " + config.place() + " could not be made: " + e.getMessage(), e);
        }
    }

    private static History history(Connection connection) throws SQLException {
        int version = 0;
        boolean failed = false;
        try (Statement statement = connection.createStatement()) {
            if (hasHistory(statement)) {
                try (ResultSet rows =
                        statement.executeQuery("select \"version\", \"success\" from \"" + HISTORY + "\"")) {
                    while (rows.next()) {
                        String ran = rows.getString(1);
                        version = ran == null ? version : Math.max(version, Integer.parseInt(ran));
                        failed |= !rows.getBoolean(2);
                    }
                }
            }
        } finally {
            connection.rollback();
        }
        return new History(version, failed);
    }

    /** Asked for, because H2 writes a file about each statement that fails. */
    private static boolean hasHistory(Statement statement) throws SQLException {
        try (ResultSet tables = statement.executeQuery("select 1 from information_schema.tables where table_name = '"
                + HISTORY + "' and table_schema = current_schema")) {
            return tables.next();
        }
    }

    /** @param version 0 before the first migration */
    private record History(int version, boolean failed) {}
}
