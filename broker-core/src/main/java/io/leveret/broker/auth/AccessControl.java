package io.leveret.broker.auth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** All users with their permissions at one moment. Immutable; read by any thread. */
public final class AccessControl {
    static final AccessControl EMPTY = new AccessControl(0, Map.of());

    private final long version;
    private final Map<String, Account> accounts;

    private AccessControl(long version, Map<String, Account> accounts) {
        this.version = version;
        this.accounts = accounts;
    }

    /** A number that grows with every change. */
    public long version() {
        return version;
    }

    /** The user of that name. */
    public Optional<User> user(String name) {
        return Optional.ofNullable(accounts.get(name)).map(Account::user);
    }

    /** In the order they were created. */
    public List<User> users() {
        return accounts.values().stream().map(Account::user).toList();
    }

    /** What the user may do in the virtual host; empty when the user may not even open it. */
    public Optional<Permission> permission(String user, String vhost) {
        return Optional.ofNullable(accounts.get(user))
                .map(account -> account.permissions().get(vhost));
    }

    /** Of all users, ordered by them. */
    public List<Permission> permissions() {
        return accounts.values().stream()
                .flatMap(account -> account.permissions().values().stream())
                .toList();
    }

    /** The topic permissions of a user in a virtual host by the exchange they are for. */
    public Map<String, TopicPermission> topicPermissions(String user, String vhost) {
        Account account = accounts.get(user);
        return account == null ? Map.of() : account.topicPermissions().getOrDefault(vhost, Map.of());
    }

    /** Of all users, ordered by them. */
    public List<TopicPermission> topicPermissions() {
        List<TopicPermission> all = new ArrayList<>();
        for (Account account : accounts.values()) {
            account.topicPermissions().values().stream().map(Map::values).forEach(all::addAll);
        }
        return all;
    }

    AccessControl withUser(User user) {
        Account old = accounts.get(user.name());
        return withAccount(user.name(), old == null ? new Account(user, Map.of(), Map.of()) : old.withUser(user));
    }

    /** Everything at once, users first: what is in the lists is created or replaced. */
    AccessControl withAll(List<User> users, List<Permission> permissions, List<TopicPermission> topicPermissions) {
        Map<String, Account> changed = new LinkedHashMap<>(accounts);
        for (User user : users) {
            Account old = changed.get(user.name());
            changed.put(user.name(), old == null ? new Account(user, Map.of(), Map.of()) : old.withUser(user));
        }
        Map<String, Map<String, Permission>> ofUsers = new LinkedHashMap<>();
        for (Permission permission : permissions) {
            ofUsers.computeIfAbsent(
                            permission.user(),
                            user -> new LinkedHashMap<>(existing(changed, user).permissions()))
                    .put(permission.vhost(), permission);
        }
        ofUsers.forEach((user, all) ->
                changed.put(user, existing(changed, user).withPermissions(Collections.unmodifiableMap(all))));
        Map<String, Map<String, Map<String, TopicPermission>>> topics = new LinkedHashMap<>();
        for (TopicPermission permission : topicPermissions) {
            topics.computeIfAbsent(
                            permission.user(),
                            user -> mutable(existing(changed, user).topicPermissions()))
                    .computeIfAbsent(permission.vhost(), vhost -> new LinkedHashMap<>())
                    .put(permission.exchange(), permission);
        }
        topics.forEach((user, all) ->
                changed.put(user, existing(changed, user).withTopicPermissions(Collections.unmodifiableMap(all))));
        return next(Collections.unmodifiableMap(changed));
    }

    private static <V> Map<String, Map<String, V>> mutable(Map<String, Map<String, V>> map) {
        Map<String, Map<String, V>> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(key, new LinkedHashMap<>(value)));
        return copy;
    }

    AccessControl withoutUser(String user) {
        return accounts.containsKey(user) ? next(without(accounts, user)) : this;
    }

    AccessControl withPermission(Permission permission) {
        Account account = existing(permission.user());
        return withAccount(
                permission.user(),
                account.withPermissions(with(account.permissions(), permission.vhost(), permission)));
    }

    AccessControl withoutPermission(String user, String vhost) {
        Account account = accounts.get(user);
        return account == null || !account.permissions().containsKey(vhost)
                ? this
                : withAccount(user, account.withPermissions(without(account.permissions(), vhost)));
    }

    AccessControl withTopicPermission(TopicPermission permission) {
        return withTopics(
                permission.user(),
                existing(permission.user()),
                permission.vhost(),
                topics -> with(topics, permission.exchange(), permission));
    }

    AccessControl withoutTopicPermission(String user, String vhost, String exchange) {
        return topicPermissions(user, vhost).containsKey(exchange)
                ? withTopics(user, existing(user), vhost, topics -> without(topics, exchange))
                : this;
    }

    AccessControl withoutTopicPermissions(String user, String vhost) {
        return topicPermissions(user, vhost).isEmpty()
                ? this
                : withTopics(user, existing(user), vhost, topics -> Map.of());
    }

    AccessControl withoutVhost(String vhost) {
        AccessControl result = this;
        for (String user : accounts.keySet()) {
            result = result.withoutPermission(user, vhost).withoutTopicPermissions(user, vhost);
        }
        return result;
    }

    private AccessControl withTopics(
            String user, Account account, String vhost, UnaryOperator<Map<String, TopicPermission>> change) {
        Map<String, TopicPermission> topics =
                change.apply(account.topicPermissions().getOrDefault(vhost, Map.of()));
        return withAccount(
                user,
                account.withTopicPermissions(
                        topics.isEmpty()
                                ? without(account.topicPermissions(), vhost)
                                : with(account.topicPermissions(), vhost, topics)));
    }

    private Account existing(String user) {
        return existing(accounts, user);
    }

    private static Account existing(Map<String, Account> accounts, String user) {
        Account account = accounts.get(user);
        if (account == null) {
            throw new IllegalArgumentException("user '" + user + "' does not exist");
        }
        return account;
    }

    private AccessControl withAccount(String user, Account account) {
        return next(with(accounts, user, account));
    }

    private AccessControl next(Map<String, Account> changed) {
        return new AccessControl(version + 1, changed);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> copy = new LinkedHashMap<>(map);
        copy.put(key, value);
        return Collections.unmodifiableMap(copy);
    }

    private static <V> Map<String, V> without(Map<String, V> map, String key) {
        Map<String, V> copy = new LinkedHashMap<>(map);
        copy.remove(key);
        return Collections.unmodifiableMap(copy);
    }

    /** A user with permissions by virtual host, and topic permissions by virtual host and exchange. */
    private record Account(
            User user,
            Map<String, Permission> permissions,
            Map<String, Map<String, TopicPermission>> topicPermissions) {

        Account withUser(User changed) {
            return new Account(changed, permissions, topicPermissions);
        }

        Account withPermissions(Map<String, Permission> changed) {
            return new Account(user, changed, topicPermissions);
        }

        Account withTopicPermissions(Map<String, Map<String, TopicPermission>> changed) {
            return new Account(user, permissions, changed);
        }
    }
}
