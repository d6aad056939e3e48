package io.leveret.broker.test.client;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names as failures list them. */
final class Names {
    private static final int MOST = 20;

    private Names() {}

    /** In quotes and in order; {@code none} if there is none. */
    static String of(Collection<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        String first = names.stream()
                .sorted()
                .limit(MOST)
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
        return names.size() > MOST ? first + " and " + (names.size() - MOST) + " more" : first;
    }
}
