package io.leveret.broker.definition.merge;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is stored besides the topology, and how that is to change. */
final class StoredDefinitions {
    private final Map<List<Object>, Definition> current = new HashMap<>();
    private final Map<List<Object>, Definition> changed = new LinkedHashMap<>();

    StoredDefinitions(List<Definition> stored) {
        for (Definition definition : stored) {
            if (!isTopology(definition)) {
                current.put(definition.key(), definition);
            }
        }
    }

    private static boolean isTopology(Definition definition) {
        return definition instanceof Definition.Exchange
                || definition instanceof Definition.Queue
                || definition instanceof Definition.Binding;
    }

    static List<Object> userKey(String name) {
        return List.of("user", name);
    }

    /** The definition as it is or will be. */
    @Nullable Definition find(List<Object> key) {
        return current.get(key);
    }

    boolean hasUser(String name) {
        return current.containsKey(userKey(name));
    }

    /**
     * Defines something.
     *
     * @return whether it is new or different
     */
    boolean put(Definition definition) {
        List<Object> key = definition.key();
        if (definition.equals(current.get(key))) {
            return false;
        }
        current.put(key, definition);
        changed.put(key, definition);
        return true;
    }

    List<DefinitionChange> changes() {
        return changed.values().stream()
                .<DefinitionChange>map(DefinitionChange.Put::new)
                .toList();
    }
}
