package io.leveret.broker.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many of something each name has. Safe on any thread; a name without any takes no memory. */
public final class Count {
    private final ConcurrentMap<String, Integer> byName = new ConcurrentHashMap<>();

    /** How many there are. */
    public int of(String name) {
        return byName.getOrDefault(name, 0);
    }

    /**
     * Counts one more, unless there are as many as there may be.
     *
     * @param limit negative for any number
     * @return whether it was counted
     */
    public boolean add(String name, long limit) {
        while (true) {
            Integer now = byName.get(name);
            int have = now == null ? 0 : now;
            if (limit >= 0 && have >= limit) {
                return false;
            }
            if (now == null ? byName.putIfAbsent(name, 1) == null : byName.replace(name, now, have + 1)) {
                return true;
            }
        }
    }

    /** Counts one less. */
    public void remove(String name) {
        byName.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
    }
}
