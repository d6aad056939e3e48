package io.leveret.broker.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of one vendor, by name. Flyway would look for them in the class path, which takes time and finds nothing in a
 * jar that has no entries for its directories.
 */
final class Migrations implements ResourceProvider {
    private static final String FOLDER = "io/leveret/broker/store/migration/";

    private final List<LoadableResource> all;

    Migrations(Vendor vendor) {
        all = vendor.migrations().stream()
                .<LoadableResource>map(name -> new Migration(FOLDER + vendor.folder() + "/" + name))
                .toList();
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return all.stream()
                .filter(migration -> migration.getRelativePath().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return all.stream()
                .filter(migration -> migration.getFilename().startsWith(prefix)
                        && Arrays.stream(suffixes).anyMatch(migration.getFilename()::endsWith))
                .toList();
    }

    private static final class Migration extends LoadableResource {
        private final String path;

        Migration(String path) {
            this.path = path;
        }

        @Override
        public Reader read() {
            try (InputStream in = Migrations.class.getClassLoader().getResourceAsStream(path)) {
                if (in == null) {
                    throw new IllegalStateException("the migration " + path + " is not there");
                }
                return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return path;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return path;
        }

        @Override
        public String getFilename() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        @Override
        public String getRelativePath() {
            return getFilename();
        }
    }
}
