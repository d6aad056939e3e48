package io.leveret.broker.definition.merge;

import io.leveret.broker.auth.PasswordHash;
import io.leveret.broker.auth.Permission;
import io.leveret.broker.auth.TopicPermission;
import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionsFile.UserEntry;
import java.util.ArrayList;
import java.util.List;

/** Users, permissions and topic permissions of an import. What is wrong is an {@link IllegalArgumentException}. */
final class AccessMerge {
    private static final String EVERYTHING = ".*";

    private final StoredDefinitions stored;
    private final Users users;
    private final List<User> changedUsers = new ArrayList<>();
    private final List<Permission> changedPermissions = new ArrayList<>();
    private final List<TopicPermission> changedTopicPermissions = new ArrayList<>();

    AccessMerge(StoredDefinitions stored, Users users) {
        this.stored = stored;
        this.users = users;
    }

    void user(UserEntry entry) {
        PasswordHash hash = hash(entry);
        if (stored.put(new Definition.User(entry.name(), hash.encoded(), hash.algorithm(), entry.tags()))) {
            changedUsers.add(new User(entry.name(), hash, entry.tags()));
        }
    }

    private PasswordHash hash(UserEntry entry) {
        String password = entry.password();
        if (password == null) {
            return parse(entry.passwordHash(), entry.hashingAlgorithm());
        }
        if (password.isEmpty()) {
            return PasswordHash.NONE;
        }
        if (stored.find(StoredDefinitions.userKey(entry.name())) instanceof Definition.User known) {
            PasswordHash hash = PasswordHash.parse(known.passwordHash(), known.hashingAlgorithm());
            if (hash.matches(password)) {
                return hash; // another salt would be a change
            }
        }
        return PasswordHash.of(password);
    }

    private static PasswordHash parse(String hash, String algorithm) {
        try {
            return PasswordHash.parse(hash, algorithm);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'password_hash' is wrong: " + e.getMessage(), e);
        }
    }

    void permission(Definition.Permission entry) {
        requireUser(entry.user());
        Permission permission = Permission.of(entry);
        if (stored.put(entry)) {
            changedPermissions.add(permission);
        }
    }

    void topicPermission(Definition.TopicPermission entry) {
        requireUser(entry.user());
        TopicPermission permission = TopicPermission.of(entry);
        if (stored.put(entry)) {
            changedTopicPermissions.add(permission);
        }
    }

    void grantEverything(String user, String vhost) {
        Definition.Permission everything = new Definition.Permission(user, vhost, EVERYTHING, EVERYTHING, EVERYTHING);
        if (stored.find(everything.key()) == null) {
            permission(everything);
        }
    }

    private void requireUser(String name) {
        if (!stored.hasUser(name)) {
            throw new IllegalArgumentException("user '" + name + "' does not exist");
        }
    }

    void apply() {
        if (!changedUsers.isEmpty() || !changedPermissions.isEmpty() || !changedTopicPermissions.isEmpty()) {
            users.putAll(changedUsers, changedPermissions, changedTopicPermissions);
        }
    }
}
