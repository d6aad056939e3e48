package io.leveret.broker.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Lets the system calls of a process that sync a file fail with EIO, by strace. */
final class SyncFaults implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process strace;
    private final Path calls;

    private SyncFaults(Process strace, Path calls) {
        this.strace = strace;
        this.calls = calls;
    }

    /**
     * Begins; the test is skipped where strace is not there or may not attach.
     *
     * @param which which calls of a thread fail, as strace's {@code when}
     */
    static SyncFaults attach(long pid, Path folder, String which) throws IOException {
        Path calls = folder.resolve("strace.calls");
        Path messages = folder.resolve("strace.messages");
        Process strace;
        try {
            strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-p",
                            Long.toString(pid),
                            "-o",
                            calls.toString(),
                            "-e",
                            "trace=fsync,fdatasync,sync_file_range,msync",
                            "-e",
                            "inject=fsync,fdatasync,sync_file_range,msync:error=EIO:when=" + which)
                    .redirectErrorStream(true)
                    .redirectOutput(messages.toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "strace is not installed");
            throw e;
        }
        await().atMost(PATIENCE)
                .until(() -> !strace.isAlive() || Files.readString(messages).contains("attached"));
        assumeTrue(
                strace.isAlive(),
                "strace may not attach: " + Files.readString(messages).strip());
        return new SyncFaults(strace, calls);
    }

    /** Waits until a call has failed. */
    void awaitFailure() {
        await("a failed sync").atMost(PATIENCE).until(() -> failures() > 0);
    }

    long failures() throws IOException {
        try (var lines = Files.lines(calls)) {
            return lines.filter(line -> line.contains("INJECTED")).count();
        }
    }

    /** From now on nothing fails. */
    @Override
    public void close() {
        strace.destroy();
        strace.onExit().join();
    }
}
