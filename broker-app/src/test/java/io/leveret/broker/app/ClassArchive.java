package io.leveret.broker.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The archive of classes that the README recommends, made once for the processes of a test run: with it a start takes half as
 * long. A JVM that can't use it, for another collector's sake say, starts without it and says nothing.
 */
final class ClassArchive {
    private static final Path FILE =
            Path.of("target", "classes-" + Runtime.version().feature() + ".jsa").toAbsolutePath();
    private static boolean made;

    private ClassArchive() {}

    /** Options for a JVM that runs the jar. */
    static synchronized List<String> options() throws IOException {
        if (!made) {
            made = true;
            make();
        }
        return List.of("-XX:SharedArchiveFile=" + FILE, "-Xshare:auto", "-Xlog:cds=off,cds+dynamic=off");
    }

    private static void make() throws IOException {
        Files.deleteIfExists(FILE);
        Path folder = Files.createTempDirectory(FILE.getParent(), "classes");
        try (BrokerProcess broker = BrokerProcess.runAlone(
                List.of("-XX:ArchiveClassesAtExit=" + FILE, "-Xlog:disable"),
                folder,
                "--broker.port=0",
                "--server.port=0")) {
            broker.awaitUpOrEnd();
            broker.connect().close();
            broker.terminate();
            broker.awaitEnd();
        } catch (TimeoutException e) {
            throw new IOException("no archive of classes could be made", e);
        }
    }
}
