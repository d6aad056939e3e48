package io.leveret.broker.autoconfigure;

import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.journal.MessageJournal;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Where a broker keeps what it has; opened before the broker starts and closed after it has stopped. */
interface BrokerStorage extends AutoCloseable {

    DefinitionStore definitions();

    /** Where messages are kept that outlive the process; null for nowhere. */
    @Nullable MessageJournal messages();

    /** The directory whose disk must not run full; null if the storage needs none on this machine. */
    @Nullable Path directory();

    /** For the line that says that the broker is up, such as {@code data in ./data}. */
    String describe();

    /**
     * Writes a copy of all that is stored, while the broker runs, to a file that is not there yet.
     *
     * @throws BackupRefusedException if that can't be done
     */
    void backup(Path file);

    @Override
    void close();

    /**
     * Opens what the settings ask for.
     *
     * @throws MissingBrokerStoreException if they ask for more than the class path has
     * @throws BrokerStoreFailedException if the database can't be used
     */
    static BrokerStorage open(BrokerProperties properties, BrokerDataSources sources) {
        if (!properties.persistent()) {
            return inMemory(new InMemoryDefinitionStore());
        }
        if (!hasDatabases()) {
            throw new MissingBrokerStoreException();
        }
        return JpaStorage.open(properties, sources);
    }

    /** Begins with what {@link #open} is likely to need, beside whatever else the start has to do. */
    static StorageOpening prepare() {
        return hasDatabases() ? JpaStorage.prepare() : BrokerStorage::open;
    }

    private static boolean hasDatabases() {
        return ClassUtils.isPresent("io.leveret.broker.store.JpaStore", null);
    }

    /** Definitions where somebody else keeps them, messages nowhere. */
    static BrokerStorage inMemory(DefinitionStore definitions) {
        return new InMemory(definitions);
    }

    /** Without a file. */
    record InMemory(DefinitionStore definitions) implements BrokerStorage {
        @Override
        public @Nullable MessageJournal messages() {
            return null;
        }

        @Override
        public @Nullable Path directory() {
            return null;
        }

        @Override
        public String describe() {
            return definitions instanceof InMemoryDefinitionStore
                    ? "data in memory only; nothing is written to disk"
                    : "definitions in " + definitions + ", messages in memory only";
        }

        @Override
        public void backup(Path file) {
            throw new BackupRefusedException("the broker keeps its data in memory only", null);
        }

        /** The broker itself closes the definitions. */
        @Override
        public void close() {}
    }
}
