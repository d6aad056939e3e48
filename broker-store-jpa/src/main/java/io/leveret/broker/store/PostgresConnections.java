package io.leveret.broker.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes connections to a PostgreSQL database that commit by themselves, each of which passes a check first. Any thread. */
final class PostgresConnections extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    private final transient Check check;

    PostgresConnections(StoreConfig config, Check check) {
        this.check = check;
        Vendor.POSTGRESQL.connectionSettings().forEach(this::set);
        setURL(config.url());
        if (!config.username().isEmpty()) {
            setUser(config.username());
            setPassword(config.password());
        }
    }

    private void set(String name, String value) {
        try {
            setProperty(name, value);
        } catch (SQLException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Connection connection = super.getConnection(user, password);
        boolean passed = false;
        try {
            check.accept(connection);
            passed = true;
            return connection;
        } finally {
            if (!passed) {
                connection.close();
            }
        }
    }

    /** What a connection is for. */
    @FunctionalInterface
    interface Check {
        /** @throws SQLException if it is no good */
        void accept(Connection connection) throws SQLException;
    }
}
