package io.leveret.broker.test.junit;

import io.leveret.broker.test.embedded.BrokerSettings;
import io.leveret.broker.test.embedded.StandaloneBroker;
import io.leveret.broker.test.time.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** The broker of one extension during one run of tests, which ends with the run. */
final class RunOfBroker implements AutoCloseable {
    private final Map<String, Object> properties;
    private final @Nullable Path directory;
    private volatile StandaloneBroker broker;

    private RunOfBroker(Map<String, Object> properties, @Nullable Path directory) {
        this.properties = properties;
        this.directory = directory;
        this.broker = StandaloneBroker.start(properties, null);
    }

    static RunOfBroker begin(BrokerSettings settings, boolean persistent) {
        Map<String, Object> properties = new LinkedHashMap<>(settings.asProperties());
        Path directory = persistent ? newDirectory() : null;
        if (directory != null) {
            properties.put("broker.persistent", "true");
            properties.put("broker.data-directory", directory.toString());
        }
        boolean started = false;
        try {
            RunOfBroker run = new RunOfBroker(properties, directory);
            started = true;
            return run;
        } finally {
            if (!started) {
                delete(directory);
            }
        }
    }

    /** For its owner alone where the file system knows owners. */
    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("leveret-test");
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for the data of a broker", e);
        }
    }

    StandaloneBroker broker() {
        return broker;
    }

    void restart() {
        int port = broker.port();
        ManualClock clock = ManualClock.of(broker.broker());
        broker.close();
        Map<String, Object> same = new LinkedHashMap<>(properties);
        same.put("broker.port", Integer.toString(port));
        broker = StandaloneBroker.start(same, clock == null ? null : new ManualClock(clock.now()));
    }

    @Override
    public void close() {
        broker.closeAfterClients(() -> delete(directory));
    }

    private static void delete(@Nullable Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("the data of a broker is left in " + directory, e);
        }
    }
}
