package io.leveret.broker.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runtime parameters that are kept for operators and mean nothing to this broker: those of federation and shovels, so that
 * RabbitMQ's files of definitions go in and come out whole, and global parameters, whatever they are called. Any thread
 * reads; the broker's writer of definitions alone changes.
 */
public final class RuntimeParameters {
    /** The component of global parameters, which belong to no virtual host. */
    public static final String GLOBAL = "global";

    private static final Set<String> KEPT_COMPONENTS =
            Set.of("federation-upstream", "federation-upstream-set", "shovel");

    private final Map<List<Object>, Definition.Parameter> parameters = new ConcurrentHashMap<>();

    /**
     * Checks a parameter without keeping it.
     *
     * @throws InvalidDefinitionException with RabbitMQ's text for a component that there isn't, or for policies, which are
     *     set in another way
     */
    public static void validate(Definition.Parameter parameter) {
        if (parameter.vhost() == null) {
            return;
        }
        if (parameter.component().equals("policy")) {
            throw InvalidDefinitionException.of("policies may not be set using this method");
        }
        if (!KEPT_COMPONENTS.contains(parameter.component())) {
            throw InvalidDefinitionException.validationFailed(
                    List.of("component " + parameter.component() + " not found"));
        }
    }

    public void put(Definition.Parameter parameter) {
        parameters.put(parameter.key(), parameter);
    }

    /** Removes the one with the same key, if it is there. */
    public void remove(Definition.Parameter parameter) {
        parameters.remove(parameter.key());
    }

    /** The one with the same key. */
    public Definition.@Nullable Parameter find(Definition.Parameter parameter) {
        return parameters.get(parameter.key());
    }

    /** Those of a virtual host, or with null the global ones, ordered by component and name. */
    public List<Definition.Parameter> list(@Nullable String vhost) {
        Collection<Definition.Parameter> all = parameters.values();
        return all.stream()
                .filter(parameter -> vhost == null ? parameter.vhost() == null : vhost.equals(parameter.vhost()))
                .sorted(Comparator.comparing(Definition.Parameter::component).thenComparing(Definition.Parameter::name))
                .toList();
    }
}
