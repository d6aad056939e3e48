package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.Broker;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class BrokerBackupEndpointTests {
    private static final String ALLOWED = "management.endpoint.brokerbackup.access=UNRESTRICTED";
    private static final String EXPOSED = "management.endpoints.web.exposure.include=brokerbackup";

    @TempDir
    private Path folder;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(BrokerAutoConfiguration.class, BrokerBackupEndpointAutoConfiguration.class));

    @Test
    void isNotThereUnlessItIsAllowedAndExposed() {
        runner.run(context -> assertThat(context).doesNotHaveBean(BrokerBackupEndpoint.class));
        runner.withPropertyValues(EXPOSED)
                .run(context -> assertThat(context).doesNotHaveBean(BrokerBackupEndpoint.class));
        runner.withPropertyValues(EXPOSED, ALLOWED)
                .run(context -> assertThat(context).hasSingleBean(BrokerBackupEndpoint.class));
    }

    @Test
    void writesACopyFromWhichABrokerStarts() throws Exception {
        runner.withPropertyValues(EXPOSED, ALLOWED, "broker.persistent=true", data("data"))
                .run(context -> {
                    context.getBean(Broker.class).putVirtualHost("kept").join();
                    Map<String, Object> written =
                            context.getBean(BrokerBackupEndpoint.class).backup();
                    Path file = Path.of((String) written.get("file"));
                    assertThat(file.getParent()).isEqualTo(folder.resolve("data/backup"));
                    assertThat(written).containsEntry("bytes", Files.size(file));
                    unpack(file, folder.resolve("restored"));
                });
        runner.withPropertyValues("broker.persistent=true", data("restored"))
                .run(context ->
                        assertThat(context.getBean(Broker.class).virtualHosts()).contains("kept"));
    }

    @Test
    void writesToTheDirectoryOfTheSettingsUnderANameOfItsOwn() {
        runner.withPropertyValues(
                        EXPOSED,
                        ALLOWED,
                        "broker.persistent=true",
                        data("data"),
                        "broker.store.backup-directory=" + folder.resolve("copies"))
                .run(context -> {
                    BrokerBackupEndpoint endpoint = new BrokerBackupEndpoint(
                            context.getBean(BrokerStorage.class),
                            context.getBean(BrokerProperties.class).backupDirectory(),
                            Clock.fixed(Instant.parse("2026-02-03T04:05:06.007Z"), ZoneOffset.UTC));
                    assertThat(endpoint.backup())
                            .containsEntry(
                                    "file",
                                    folder.resolve("copies/broker-20260203T040506007Z.zip")
                                            .toString());
                    assertThatExceptionOfType(InvalidEndpointRequestException.class)
                            .isThrownBy(endpoint::backup)
                            .withMessageContaining("would overwrite");
                });
    }

    @Test
    void refusesWhereThereIsNothingToCopy() {
        runner.withPropertyValues(EXPOSED, ALLOWED, data("data"))
                .run(context -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
                        .isThrownBy(context.getBean(BrokerBackupEndpoint.class)::backup)
                        .withMessage("the broker keeps its data in memory only"));
    }

    private String data(String name) {
        return "broker.data-directory=" + folder.resolve(name);
    }

    private static void unpack(Path zip, Path directory) throws Exception {
        Files.createDirectories(directory);
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Files.copy(entries, directory.resolve(entry.getName()));
            }
        }
    }
}
