package io.leveret.broker.benchmarks.capacity;

/** Says whether a routing key matches a topic binding key, the plain way, to check the broker's fast one. */
final class TopicMatcher {
    private TopicMatcher() {}

    static boolean matches(String bindingKey, String routingKey) {
        return matches(words(bindingKey), 0, words(routingKey), 0);
    }

    private static boolean matches(String[] pattern, int p, String[] key, int k) {
        if (p == pattern.length) {
            return k == key.length;
        }
        if ("#".equals(pattern[p])) {
            return matches(pattern, p + 1, key, k) || k < key.length && matches(pattern, p, key, k + 1);
        }
        return k < key.length
                && ("*".equals(pattern[p]) || pattern[p].equals(key[k]))
                && matches(pattern, p + 1, key, k + 1);
    }

    private static String[] words(String key) {
        return key.isEmpty() ? new String[0] : key.split("\\.", -1);
    }
}
