package io.leveret.broker.definition;

import java.util.List;

/**
 * Where definitions are kept: users, virtual hosts, permissions, and the durable topology. Called by one thread at a time,
 * never by an event loop; it may block.
 */
public interface DefinitionStore extends AutoCloseable {

    /** Everything that is kept, virtual hosts and users first, bindings last. */
    List<Definition> load();

    /**
     * Makes changes, all or none, and returns when they will survive what the store promises to survive.
     *
     * @throws RuntimeException when they could not be made; the broker then refuses the client's request
     */
    void apply(List<DefinitionChange> changes);

    @Override
    void close();
}
