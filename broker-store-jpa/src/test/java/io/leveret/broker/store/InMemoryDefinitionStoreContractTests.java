package io.leveret.broker.store;

import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.InMemoryDefinitionStore;

class InMemoryDefinitionStoreContractTests extends DefinitionStoreContract {
    private final DefinitionStore store = new InMemoryDefinitionStore();

    @Override
    DefinitionStore store() {
        return store;
    }

    @Override
    void reopen() {
        // it keeps things as long as the object lives
    }
}
