package io.leveret.broker.autoconfigure;

import io.leveret.broker.autoconfigure.BrokerProperties.Store;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.store.JpaStore;
import io.leveret.broker.store.StoreConfig;
import io.leveret.broker.store.StoreException;
import io.leveret.broker.store.StorePreparation;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database. The only class that knows the module broker-store-jpa; loaded only where that is. */
final class JpaStorage implements BrokerStorage {
    private final JpaStore store;

    private JpaStorage(JpaStore store) {
        this.store = store;
    }

    static JpaStorage open(BrokerProperties properties, BrokerDataSources sources) {
        try (StorePreparation preparation = StorePreparation.none()) {
            return open(properties, sources, preparation);
        }
    }

    private static JpaStorage open(
            BrokerProperties properties, BrokerDataSources sources, StorePreparation preparation) {
        Store settings = properties.store();
        DataSource ofBroker = sources.ofBroker().get();
        if (ofBroker != null) {
            return open(
                    () -> JpaStore.open(ofBroker, settings.properties()),
                    "the DataSource that is marked with @BrokerDataSource",
                    "See to it that the database of that DataSource can be reached and that its user may make tables");
        }
        if (settings.useApplicationDataSource()) {
            DataSource ofApplication = sources.ofApplication().get();
            if (ofApplication == null) {
                throw new InvalidBrokerPropertyException(
                        "broker.store.use-application-data-source",
                        "true",
                        "false in an application that has no DataSource of its own, or none that is the primary one");
            }
            return open(
                    () -> JpaStore.open(ofApplication, settings.properties()),
                    "broker.store.use-application-data-source",
                    "See to it that the application's database can be reached and that its user may make tables, or give"
                            + " the broker a database of its own by leaving out that property");
        }
        String url = settings.url();
        if (url != null) {
            StoreConfig config = StoreConfig.of(
                            url,
                            Objects.requireNonNullElse(settings.username(), ""),
                            Objects.requireNonNullElse(settings.password(), ""))
                    .withProperties(settings.properties());
            return open(
                    () -> JpaStore.open(config, preparation),
                    "broker.store.url",
                    "See to it that the database can be reached with broker.store.url, broker.store.username and"
                            + " broker.store.password, and that this user may make tables");
        }
        StoreConfig config = StoreConfig.h2(Path.of(properties.dataDirectory())).withProperties(settings.properties());
        return open(
                () -> JpaStore.open(config, preparation),
                "broker.data-directory, which is '%s'".formatted(properties.dataDirectory()),
                "Set broker.data-directory to a directory that this user may write to and that no other broker uses");
    }

    private static JpaStorage open(Supplier<JpaStore> opening, String origin, String remedy) {
        try {
            return new JpaStorage(opening.get());
        } catch (StoreException e) {
            throw new BrokerStoreFailedException(String.valueOf(e.getMessage()), origin, remedy, e);
        }
    }

    /** Begins at once. */
    static StorageOpening prepare() {
        return new Prepared(StorePreparation.begin());
    }

    @Override
    public DefinitionStore definitions() {
        return store.definitions();
    }

    @Override
    public MessageJournal messages() {
        return store.journal();
    }

    @Override
    public @Nullable Path directory() {
        return store.directory().orElse(null);
    }

    @Override
    public String describe() {
        return "data in " + store.place();
    }

    @Override
    public void backup(Path file) {
        try {
            store.backup(file);
        } catch (StoreException e) {
            throw new BackupRefusedException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        store.close();
    }

    private record Prepared(StorePreparation preparation) implements StorageOpening {
        @Override
        public BrokerStorage open(BrokerProperties properties, BrokerDataSources sources) {
            return properties.persistent()
                    ? JpaStorage.open(properties, sources, preparation)
                    : BrokerStorage.open(properties, sources);
        }

        @Override
        public void close() {
            preparation.close();
        }
    }
}
