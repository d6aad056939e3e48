package io.leveret.broker.definition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps definitions as long as the object lives, so that a broker restarted on it finds them again. */
public final class InMemoryDefinitionStore implements DefinitionStore {
    private static final List<Class<? extends Definition>> LOAD_ORDER = List.of(
            Definition.VirtualHost.class,
            Definition.User.class,
            Definition.Permission.class,
            Definition.TopicPermission.class,
            Definition.VirtualHostLimit.class,
            Definition.UserLimit.class,
            Definition.Parameter.class,
            Definition.Policy.class,
            Definition.Exchange.class,
            Definition.Queue.class,
            Definition.Binding.class);

    private final Map<List<Object>, Definition> definitions = new LinkedHashMap<>();

    @Override
    public List<Definition> load() {
        return LOAD_ORDER.stream()
                .flatMap(kind ->
                        definitions.values().stream().filter(kind::isInstance).map(Definition.class::cast))
                .toList();
    }

    @Override
    public void apply(List<DefinitionChange> changes) {
        for (DefinitionChange change : changes) {
            Definition definition = change.definition();
            if (change instanceof DefinitionChange.Put) {
                definitions.put(definition.key(), definition);
            } else {
                definitions.remove(definition.key());
            }
        }
    }

    @Override
    public void close() {}
}
