package io.leveret.broker.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** The databases a store can be in. */
enum Vendor {
    /**
     * With what it needs for a commit to be written at once and for the database to be closed by the store alone, not by a
     * shutdown hook that runs while the broker still stores.
     */
    H2("jdbc:h2:", "org.h2.Driver", "H2", 2, 4, Map.of("WRITE_DELAY", "0", "DB_CLOSE_ON_EXIT", "FALSE")),
    POSTGRESQL("jdbc:postgresql:", "org.postgresql.Driver", "PostgreSQL", 14, 0, Map.of());

    private final String prefix;
    private final String driver;
    private final String productName;
    private final int majorVersion;
    private final int minorVersion;
    private final Map<String, String> settings;

    Vendor(
            String prefix,
            String driver,
            String productName,
            int majorVersion,
            int minorVersion,
            Map<String, String> settings) {
        this.prefix = prefix;
        this.driver = driver;
        this.productName = productName;
        this.majorVersion = majorVersion;
        this.minorVersion = minorVersion;
        this.settings = settings;
    }

    /** @throws IllegalArgumentException if it is none of them */
    static Vendor of(String url) {
        return Arrays.stream(values())
                .filter(vendor -> url.startsWith(vendor.prefix))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a store is in H2 (jdbc:h2:...) or PostgreSQL (jdbc:postgresql:...), not in " + url));
    }

    /** The URL with the settings that it does not have already. */
    String complete(String url) {
        String given = url.toUpperCase(Locale.ROOT);
        var complete = new StringBuilder(url);
        settings.forEach((name, value) -> {
            if (!given.contains(";" + name + "=")) {
                complete.append(';').append(name).append('=').append(value);
            }
        });
        return complete.toString();
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

    /** The name of the folder of its migrations. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
