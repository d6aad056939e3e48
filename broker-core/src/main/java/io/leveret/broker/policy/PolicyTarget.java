package io.leveret.broker.policy;

import java.util.Set;

/** The kinds of things that policies are for. */
public enum PolicyTarget {
    EXCHANGE("exchanges", Set.of("all", "exchanges")),
    CLASSIC_QUEUE("classic_queues", Set.of("all", "queues", "classic_queues")),
    QUORUM_QUEUE("quorum_queues", Set.of("all", "queues", "quorum_queues")),
    STREAM("streams", Set.of("all", "queues", "streams"));

    private final String applyTo;
    private final Set<String> matching;

    PolicyTarget(String applyTo, Set<String> matching) {
        this.applyTo = applyTo;
        this.matching = matching;
    }

    /** Whether a policy with that {@code apply-to} is for things of this kind. */
    boolean isMeantBy(String value) {
        return matching.contains(value);
    }

    static boolean isApplyTo(String value) {
        if (value.equals("all") || value.equals("queues")) {
            return true;
        }
        for (PolicyTarget target : values()) {
            if (target.applyTo.equals(value)) {
                return true;
            }
        }
        return false;
    }
}
