package io.leveret.broker.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Where a store is.
 *
 * @param url of JDBC; begins with {@code jdbc:h2:} or {@code jdbc:postgresql:}
 * @param username of the database; it must be allowed to create tables
 * @param password of the database
 * @param properties further settings of Hibernate, with names that begin with {@code hibernate.}
 * @param poolSize how many connections to the database there are at most; at least 2, one for definitions and reading and
 *     one for the journal
 * @param patience how long a change waits for a database that can't be reached, and {@link JpaStore#open} for its first
 *     connection; at least 250 ms
 */
public record StoreConfig(
        String url, String username, String password, Map<String, String> properties, int poolSize, Duration patience) {
    /** For most: definitions, the journal, and some that read. */
    public static final int DEFAULT_POOL_SIZE = 6;

    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);

    private static final Duration LEAST_PATIENCE = Duration.ofMillis(250);
    private static final int LEAST_POOL_SIZE = 2;

    /** @throws IllegalArgumentException naming what is wrong */
    public StoreConfig {
        Vendor.of(url);
        properties = Map.copyOf(properties);
        for (String name : properties.keySet()) {
            if (!name.startsWith("hibernate.")) {
                throw new IllegalArgumentException(
                        "'" + name + "' is not a setting of Hibernate: those begin with" + " 'hibernate.'");
            }
        }
        if (poolSize < LEAST_POOL_SIZE) {
            throw new IllegalArgumentException(
                    "a store needs at least " + LEAST_POOL_SIZE + " connections to its" + " database, not " + poolSize);
        }
        if (patience.compareTo(LEAST_PATIENCE) < 0) {
            throw new IllegalArgumentException(
                    "a store needs at least " + LEAST_PATIENCE.toMillis() + " ms of patience, not " + patience);
        }
    }

    /** A database of the user's, with defaults for the rest. */
    public static StoreConfig of(String url, String username, String password) {
        return new StoreConfig(url, username, password, Map.of(), DEFAULT_POOL_SIZE, DEFAULT_PATIENCE);
    }

    /**
     * An H2 database in the file {@code broker.mv.db} of a directory, which is made if it is not there.
     *
     * @throws IllegalArgumentException if there is a semicolon in the path, which H2 does not understand
     */
    public static StoreConfig h2(Path dataDirectory) {
        return of(H2Files.url(dataDirectory.resolve("broker")), "sa", "");
    }

    /** The same with settings of Hibernate. */
    public StoreConfig withProperties(Map<String, String> newProperties) {
        return new StoreConfig(url, username, password, newProperties, poolSize, patience);
    }

    /** The same with another patience. */
    public StoreConfig withPatience(Duration newPatience) {
        return new StoreConfig(url, username, password, properties, poolSize, newPatience);
    }

    /** The URL without its parameters, of which one may be a password. */
    String place() {
        return url.split("[;?]", 2)[0];
    }

    /** Without password. */
    @Override
    public String toString() {
        return "StoreConfig[" + place() + ", username=" + username + ", poolSize=" + poolSize + "]";
    }
}
