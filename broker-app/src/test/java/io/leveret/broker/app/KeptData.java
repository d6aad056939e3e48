package io.leveret.broker.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a version of the program has left in its data directory, in a zip file among the resources of the tests. */
final class KeptData {
    private static final String DATA = "data";

    private KeptData() {}

    /** Writes the data directory in that folder to a new zip file. */
    static void keep(Path folder, Path zip) throws IOException {
        try (FileSystem inside =
                FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()), Map.of("create", "true"))) {
            copy(folder.resolve(DATA), inside.getPath("/", DATA));
        }
    }

    /** Puts the data directory that a version has left into that folder. */
    static void restore(String version, Path folder) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(
                Path.of("src/test/resources/kept-data").resolve(version + ".zip"))) {
            copy(inside.getPath("/", DATA), folder.resolve(DATA));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path each : all) {
            Files.copy(each, to.resolve(from.relativize(each).toString()));
        }
    }
}
