package io.leveret.broker.auth;

import java.util.List;
import java.util.Optional;

/**
 * The users of a broker. One thread at a time changes them (the broker's writer of definitions); any thread reads, and
 * sees each change whole.
 */
public final class Users {
    private volatile AccessControl current = AccessControl.EMPTY;

    /** The users as they are now; does not change any more. */
    public AccessControl current() {
        return current;
    }

    /** A number that grows with every change: while it stays the same, so do all decisions. */
    public long version() {
        return current.version();
    }

    /**
     * Finds out who is logging in. An empty password never succeeds; an unknown user takes as long to refuse as a wrong
     * password.
     */
    public Optional<User> authenticate(String name, String password) {
        Optional<User> user = current.user(name);
        PasswordHash hash = user.map(User::hash).orElse(PasswordHash.NONE);
        return hash.matches(password) ? user : Optional.empty();
    }

    /** Whether the user has a permission row, be it one that allows nothing, in the virtual host. */
    public boolean mayAccess(String user, String vhost) {
        return current.permission(user, vhost).isPresent();
    }

    /** Creates the user, or changes password and tags; permissions stay. */
    public void putUser(User user) {
        current = current.withUser(user);
    }

    /**
     * Creates or changes many users, then permissions, then topic permissions, in one step.
     *
     * @throws IllegalArgumentException when a permission is for no user; nothing is changed
     */
    public void putAll(List<User> users, List<Permission> permissions, List<TopicPermission> topicPermissions) {
        current = current.withAll(users, permissions, topicPermissions);
    }

    /** Deletes the user and all permissions of the user; nothing happens when there is none. */
    public void deleteUser(String name) {
        current = current.withoutUser(name);
    }

    /** @throws IllegalArgumentException when there is no such user */
    public void putPermission(Permission permission) {
        current = current.withPermission(permission);
    }

    /** Nothing happens when there is no such permission. */
    public void clearPermission(String user, String vhost) {
        current = current.withoutPermission(user, vhost);
    }

    /** @throws IllegalArgumentException when there is no such user */
    public void putTopicPermission(TopicPermission permission) {
        current = current.withTopicPermission(permission);
    }

    /** Nothing happens when there is no such permission. */
    public void clearTopicPermission(String user, String vhost, String exchange) {
        current = current.withoutTopicPermission(user, vhost, exchange);
    }

    /** Clears the topic permissions of a user for all exchanges of the virtual host. */
    public void clearTopicPermissions(String user, String vhost) {
        current = current.withoutTopicPermissions(user, vhost);
    }

    /** Clears every permission in a virtual host, as deleting it does. */
    public void deleteVhost(String vhost) {
        current = current.withoutVhost(vhost);
    }
}
