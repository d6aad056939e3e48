package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** A database that takes longer to open than a change would wait for one that is away. */
class SlowOpeningTests {
    private static final Duration PATIENCE = Duration.ofMillis(250);

    @Test
    void aFileOfH2MayTakeAsLongAsItTakes() {
        Slow slow = new Slow(() -> new SQLTransientConnectionException("not available, request timed out"));
        schema(Vendor.H2).bringUpToDate(slow.source());
        assertThat(slow.opened()).isTrue();
    }

    @Test
    void whatIsKnownToBeAwayIsNotWaitedForAnyLonger() {
        SQLException away = new SQLException("refused", "08001");
        assertThatThrownBy(() -> schema(Vendor.H2)
                        .bringUpToDate(new Slow(() -> new SQLTransientConnectionException("timed out", away)).source()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> schema(Vendor.POSTGRESQL)
                        .bringUpToDate(new Slow(() -> new SQLTransientConnectionException("timed out")).source()))
                .isInstanceOf(StoreException.class);
    }

    private static Schema schema(Vendor vendor) {
        return new Schema(
                StoreConfig.of("jdbc:h2:mem:slow-opening;DB_CLOSE_DELAY=-1", "sa", "")
                        .withPatience(PATIENCE),
                vendor);
    }

    /** Opens after four times the patience; each request waits a little, as a pool does. */
    private static final class Slow {
        private static final Duration WAIT = Duration.ofMillis(50);

        private final Supplier<SQLException> failure;
        private final JdbcDataSource database = new JdbcDataSource();
        private final long opensNanos =
                System.nanoTime() + PATIENCE.multipliedBy(4).toNanos();

        Slow(Supplier<SQLException> failure) {
            this.failure = failure;
            database.setURL("jdbc:h2:mem:slow-opening;DB_CLOSE_DELAY=-1");
            database.setUser("sa");
        }

        boolean opened() {
            return System.nanoTime() - opensNanos >= 0;
        }

        DataSource source() {
            return (DataSource) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                        if (!method.getName().equals("getConnection")) {
                            throw new UnsupportedOperationException(method.toString());
                        }
                        return connection();
                    });
        }

        private Connection connection() throws SQLException {
            if (opened()) {
                Connection connection = database.getConnection();
                connection.setAutoCommit(false);
                return connection;
            }
            long until = System.nanoTime() + WAIT.toNanos();
            Awaitility.await().until(() -> System.nanoTime() - until >= 0);
            throw failure.get();
        }
    }
}
