package io.leveret.broker.limit;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.text.ErlangText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much there may be in one virtual host; negative for any number, 0 for nothing at all.
 *
 * @param maxConnections connections that are open
 * @param maxQueues queues
 */
public record VirtualHostLimits(long maxConnections, long maxQueues) {
    public static final String MAX_CONNECTIONS = "max-connections";
    public static final String MAX_QUEUES = "max-queues";

    /** The runtime parameter that RabbitMQ keeps them in: its component and its name. */
    public static final String COMPONENT = "vhost-limits";

    public static final String PARAMETER = "limits";

    /** No limits. */
    public static final VirtualHostLimits NONE = new VirtualHostLimits(-1, -1);

    /** Their names. */
    public static final List<String> NAMES = List.of(MAX_CONNECTIONS, MAX_QUEUES);

    /**
     * Checks limits without setting them.
     *
     * @param limits as JSON has them
     * @return the same with a Long for each
     * @throws InvalidDefinitionException for a limit that virtual hosts don't have, or one that is no integer
     */
    public static Map<String, Long> validate(Map<String, ?> limits) {
        return LimitSettings.check(limits, NAMES, PARAMETER);
    }

    /**
     * The limits in RabbitMQ's runtime parameter, checked.
     *
     * @throws InvalidDefinitionException when it has another form or another name
     */
    public static Map<String, Long> fromParameter(Definition.Parameter parameter) {
        if (!parameter.name().equals(PARAMETER)) {
            throw InvalidDefinitionException.validationFailed(
                    List.of("the parameter of " + COMPONENT + " has to be named " + PARAMETER));
        }
        if (!(parameter.value() instanceof Map<?, ?> map)) {
            throw InvalidDefinitionException.validationFailed(
                    List.of(PARAMETER + " not a list " + ErlangText.json(parameter.value())));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((name, value) -> values.put(String.valueOf(name), value));
        return validate(values);
    }

    VirtualHostLimits with(String limit, long value) {
        return limit.equals(MAX_CONNECTIONS)
                ? new VirtualHostLimits(value, maxQueues)
                : new VirtualHostLimits(maxConnections, value);
    }
}
