package io.leveret.broker.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2MessageJournalTests extends JpaMessageJournalContract {
    @TempDir
    private Path directory;

    @Override
    StoreConfig newDatabase() {
        return StoreConfig.h2(directory);
    }
}
