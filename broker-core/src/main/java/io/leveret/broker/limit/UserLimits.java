package io.leveret.broker.limit;

import io.leveret.broker.definition.InvalidDefinitionException;
import java.util.List;
import java.util.Map;

/**
 * How much one user may have open; negative for any number, 0 for nothing at all.
 *
 * @param maxConnections connections
 * @param maxChannels channels of all the user's connections together
 */
public record UserLimits(long maxConnections, long maxChannels) {
    public static final String MAX_CONNECTIONS = "max-connections";
    public static final String MAX_CHANNELS = "max-channels";

    /** No limits. */
    public static final UserLimits NONE = new UserLimits(-1, -1);

    /** Their names. */
    public static final List<String> NAMES = List.of(MAX_CONNECTIONS, MAX_CHANNELS);

    /**
     * Checks limits without setting them.
     *
     * @param limits as JSON has them
     * @return the same with a Long for each
     * @throws InvalidDefinitionException for a limit that users don't have, or one that is no integer
     */
    public static Map<String, Long> validate(Map<String, ?> limits) {
        return LimitSettings.check(limits, NAMES, "user-limits");
    }

    UserLimits with(String limit, long value) {
        return limit.equals(MAX_CONNECTIONS)
                ? new UserLimits(value, maxChannels)
                : new UserLimits(maxConnections, value);
    }
}
