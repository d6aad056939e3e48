package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.api.resource.LoadableResource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsTests {
    @ParameterizedTest
    @EnumSource
    void knowsAllThatThereAre(Vendor vendor) throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(Migrations.class.getResource("migration/" + vendor.folder()))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(vendor.migrations());
        }
        assertThat(vendor.migrations()).last().asString().startsWith("V" + vendor.version() + "__");
    }

    @ParameterizedTest
    @EnumSource
    void findsByPrefixAndSuffixAndByName(Vendor vendor) {
        Migrations migrations = new Migrations(vendor);
        assertThat(migrations.getResources("V", new String[] {".sql"}))
                .extracting(LoadableResource::getFilename)
                .isEqualTo(vendor.migrations());
        assertThat(migrations.getResources("R", new String[] {".sql"})).isEmpty();
        assertThat(migrations.getResources("V", new String[] {".conf"})).isEmpty();
        assertThat(migrations.getResource(vendor.migrations().get(0))).isNotNull();
        assertThat(migrations.getResource("other")).isNull();
    }
}
