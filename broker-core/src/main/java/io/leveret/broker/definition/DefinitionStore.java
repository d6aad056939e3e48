package io.leveret.broker.definition;

/** Where definitions are kept. */
public interface DefinitionStore extends AutoCloseable {
    @Override
    void close();
}
