package io.leveret.broker.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a test asks a database directly, past the store. */
final class StoreSql {
    private StoreSql() {}

    static void execute(StoreConfig config, String sql) {
        try (Connection connection = connect(config);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column. */
    static List<String> query(StoreConfig config, String sql) {
        List<String> values = new ArrayList<>();
        try (Connection connection = connect(config);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return values;
    }

    private static Connection connect(StoreConfig config) throws SQLException {
        return DriverManager.getConnection(
                Vendor.of(config.url()).complete(config.url()), config.username(), config.password());
    }
}
