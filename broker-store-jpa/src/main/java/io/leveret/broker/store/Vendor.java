package io.leveret.broker.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The databases a store can be in. */
enum Vendor {
    /**
     * A commit is written at once, by the thread that commits. The database is closed by the store alone, not by a shutdown
     * hook that runs while the broker still stores, and quickly, without compaction; the space of what is gone is used again
     * at once, which {@link DataFileChannel} makes safe. It keeps as few pages in memory as it can be told to: it estimates
     * their size by that of an average row, so that those with much in them took many times what they were allowed.
     */
    H2(
            "jdbc:h2:",
            "org.h2.Driver",
            "H2",
            2,
            4,
            Map.of(
                    "WRITE_DELAY", "0",
                    "DB_CLOSE_ON_EXIT", "FALSE",
                    "RETENTION_TIME", "0",
                    "MAX_COMPACT_TIME", "0",
                    "CACHE_SIZE", "1024",
                    "TRACE_LEVEL_FILE", "0"),
            Map.of(),
            List.of("V1__definitions_and_journal.sql")),
    /** Nobody waits for ever for a server that does not answer; a server that is only slow has half a minute. */
    POSTGRESQL(
            "jdbc:postgresql:",
            "org.postgresql.Driver",
            "PostgreSQL",
            14,
            0,
            Map.of(),
            Map.of("connectTimeout", "5", "loginTimeout", "5", "socketTimeout", "30", "tcpKeepAlive", "true"),
            List.of("V1__definitions_and_journal.sql", "V2__generation.sql"));

    private final String prefix;
    private final String driver;
    private final String productName;
    private final int majorVersion;
    private final int minorVersion;
    private final Map<String, String> settings;
    private final Map<String, String> connectionSettings;
    private final List<String> migrations;

    Vendor(
            String prefix,
            String driver,
            String productName,
            int majorVersion,
            int minorVersion,
            Map<String, String> settings,
            Map<String, String> connectionSettings,
            List<String> migrations) {
        this.prefix = prefix;
        this.driver = driver;
        this.productName = productName;
        this.majorVersion = majorVersion;
        this.minorVersion = minorVersion;
        this.settings = settings;
        this.connectionSettings = connectionSettings;
        this.migrations = migrations;
    }

    /** @throws IllegalArgumentException if it is none of them */
    static Vendor of(String url) {
        return Arrays.stream(values())
                .filter(vendor -> url.startsWith(vendor.prefix))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a store is in H2 (jdbc:h2:...) or PostgreSQL (jdbc:postgresql:...), not in "
                                + url.split("[;?]", 2)[0]));
    }

    /** The URL to connect to: with the settings that it does not have already; a file of H2 through {@link DataFilePath}. */
    String complete(String url) {
        String given = url.toUpperCase(Locale.ROOT);
        var complete = new StringBuilder(
                H2Files.database(url).map(file -> H2Files.checked(url, file)).orElse(url));
        settings.forEach((name, value) -> {
            if (!given.contains(";" + name + "=")) {
                complete.append(';').append(name).append('=').append(value);
            }
        });
        return complete.toString();
    }

    /** Of the JDBC driver, beside those in the URL. */
    Map<String, String> connectionSettings() {
        return connectionSettings;
    }

    /** What each connection begins with. */
    @Nullable String firstStatement() {
        return this == POSTGRESQL
                ? "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"
                : null;
    }

    /** The class of its JDBC driver. */
    String driver() {
        return driver;
    }

    /** The name of the product, as it calls itself. */
    String productName() {
        return productName;
    }

    /** The oldest version that a store works with. */
    int majorVersion() {
        return majorVersion;
    }

    int minorVersion() {
        return minorVersion;
    }

    /** The names of its migrations, the oldest first. */
    List<String> migrations() {
        return migrations;
    }

    /** The version of the last migration. */
    int version() {
        return migrations.size();
    }

    /** The name of the folder of its migrations. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
