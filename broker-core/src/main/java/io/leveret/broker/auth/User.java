package io.leveret.broker.auth;

import java.util.Set;

/**
 * Somebody who can log in.
 *
 * @param tags such as {@code administrator}; over AMQP only {@code impersonator} means anything
 */
public record User(String name, PasswordHash hash, Set<String> tags) {
    private static final String IMPERSONATOR = "impersonator";

    public User {
        tags = Set.copyOf(tags);
    }

    /** Whether the user may publish with a user-id that isn't the own name. */
    public boolean isImpersonator() {
        return tags.contains(IMPERSONATOR);
    }
}
