package io.leveret.broker.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Writes copies of a persistent broker's data while it runs. They go to the directory of the settings and nowhere else, each
 * under a name of its own.
 */
@Endpoint(id = "brokerbackup", defaultAccess = Access.NONE)
final class BrokerBackupEndpoint {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'");

    private final BrokerStorage storage;
    private final Path directory;
    private final Clock clock;

    BrokerBackupEndpoint(BrokerStorage storage, Path directory, Clock clock) {
        this.storage = storage;
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Writes a copy; returns when it is on disk.
     *
     * @throws InvalidEndpointRequestException if there is nothing of which the broker could write a copy
     */
    @WriteOperation
    Map<String, Object> backup() {
        Path file = directory.resolve("broker-" + TIME.format(clock.instant().atOffset(ZoneOffset.UTC)) + ".zip");
        try {
            Files.createDirectories(directory);
            storage.backup(file);
            return Map.of("file", file.toAbsolutePath().toString(), "bytes", Files.size(file));
        } catch (BackupRefusedException e) {
            throw new InvalidEndpointRequestException(String.valueOf(e.getMessage()), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
