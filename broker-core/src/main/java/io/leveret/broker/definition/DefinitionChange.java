package io.leveret.broker.definition;

/** One step from a set of definitions to the next. */
public sealed interface DefinitionChange {

    /** What the step is about. */
    Definition definition();

    /** Adds a definition or replaces the one with the same key. */
    record Put(Definition definition) implements DefinitionChange {}

    /** Removes the definition with the same key, if there is one. */
    record Delete(Definition definition) implements DefinitionChange {}
}
