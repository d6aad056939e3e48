package io.leveret.broker.store;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.hibernate.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what takes the first opening of a store most of its time and needs no settings: has the classes of Hibernate and H2
 * loaded. Nothing is left of it but that, and nothing depends on it.
 */
final class WarmUp implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final String IN_MEMORY = "jdbc:h2:mem:";

    /** Begins, on a thread of its own that ends when it is done. */
    static void begin() {
        // the one thing that Hibernate always logs; said here, it is not said at whatever moment
        Version.logVersion();
        Thread thread = new Thread(new WarmUp(), "broker-store-warm-up");
        thread.setDaemon(true);
        // whatever is wrong is wrong again when a store is opened, where it can be told
        thread.setUncaughtExceptionHandler((failed, error) -> log.debug("could not be warmed up", error));
        thread.start();
    }

    @Override
    public void run() {
        PersistenceUnit.buildForNothing(StoreConfig.of(IN_MEMORY, "", ""), Vendor.H2)
                .close();
        try {
            DriverManager.getConnection(IN_MEMORY).close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
