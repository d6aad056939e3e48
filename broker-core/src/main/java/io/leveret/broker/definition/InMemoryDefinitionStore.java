package io.leveret.broker.definition;

/** Keeps definitions for as long as the process lives. */
public final class InMemoryDefinitionStore implements DefinitionStore {
    @Override
    public void close() {}
}
