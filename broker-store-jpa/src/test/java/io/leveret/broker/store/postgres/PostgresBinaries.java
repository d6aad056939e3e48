package io.leveret.broker.store.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/** The programs of PostgreSQL, which travel as a Maven artifact, unpacked where every user of the machine can run them. */
final class PostgresBinaries {
    private static final List<String> ARCHIVES = List.of(
            "/postgres-linux-x86_64.txz",
            "/postgres-linux-arm_64.txz",
            "/postgres-darwin-x86_64.txz",
            "/postgres-darwin-arm_64.txz");

    private PostgresBinaries() {}

    /** The folder that has {@code bin}; unpacked once for each user, and kept for the next tests. */
    static Path folder() {
        String archive = ARCHIVES.stream()
                .filter(name -> PostgresBinaries.class.getResource(name) != null)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no PostgreSQL for "
                        + System.getProperty("os.name").toLowerCase(Locale.ROOT) + " on the class path"));
        try {
            Path folder = temporary()
                    .resolve("leveret-postgres-%s-%s"
                            .formatted(System.getProperty("user.name"), Long.toHexString(size(archive))));
            if (!Files.isDirectory(folder)) {
                unpack(archive, folder);
            }
            if (!Files.getOwner(folder).getName().equals(System.getProperty("user.name"))) {
                throw new IllegalStateException(folder + " belongs to somebody else");
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static long size(String archive) throws IOException {
        return PostgresBinaries.class.getResource(archive).openConnection().getContentLengthLong();
    }

    private static void unpack(String archive, Path folder) throws IOException {
        Path unpacked = Files.createTempDirectory("leveret-postgres");
        Process tar = new ProcessBuilder("tar", "-x", "-C", unpacked.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream compressed = PostgresBinaries.class.getResourceAsStream(archive);
                InputStream in = new XZInputStream(compressed);
                OutputStream out = tar.getOutputStream()) {
            in.transferTo(out);
        }
        if (tar.onExit().join().exitValue() != 0) {
            throw new IOException("tar could not unpack " + archive);
        }
        Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.move(unpacked, folder);
        } catch (FileSystemException e) {
            // other tests were faster
            delete(unpacked);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
