package io.leveret.broker.store;

import java.nio.file.Path;
import java.util.Optional;

/** How H2 names its files. */
final class H2Files {
    private static final String PREFIX = "jdbc:h2:file:";

    private H2Files() {}

    /** The URL of a database whose file is the given one with {@code .mv.db} at its end. */
    static String url(Path database) {
        String path = database.toAbsolutePath().normalize().toString();
        if (path.indexOf(';') >= 0) {
            throw new IllegalArgumentException("the path of an H2 database must not have a semicolon: " + path);
        }
        return PREFIX + path;
    }

    /** The database that a URL is about, without {@code .mv.db}; empty if it is none in a file. */
    static Optional<Path> database(String url) {
        if (!url.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String path = url.substring(PREFIX.length()).split(";", 2)[0];
        String home = System.getProperty("user.home");
        return Optional.of(Path.of(path.startsWith("~") ? home + path.substring(1) : path)
                .toAbsolutePath()
                .normalize());
    }

    /** The file of a database. */
    static Path dataFile(Path database) {
        return database.resolveSibling(database.getFileName() + ".mv.db");
    }

    /** The URL by which a database in a file is reached through {@link DataFilePath}. */
    static String checked(String url, Path database) {
        DataFilePath.register();
        int settings = url.indexOf(';');
        return "jdbc:h2:" + DataFilePath.SCHEME + ":" + database + (settings < 0 ? "" : url.substring(settings));
    }
}
