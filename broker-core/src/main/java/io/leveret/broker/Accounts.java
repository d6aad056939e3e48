package io.leveret.broker;

import io.leveret.broker.auth.PasswordHash;
import io.leveret.broker.auth.Permission;
import io.leveret.broker.auth.TopicPermission;
import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import io.leveret.broker.channel.OpenConnections;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.UserLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Changes users, what they may do, and their limits, on the writer: first what is stored, then what counts. */
final class Accounts {
    private final DefinitionStore store;
    private final VirtualHosts vhosts;
    private final Users users;
    private final Limits limits;
    private final OpenConnections connections;

    Accounts(DefinitionStore store, VirtualHosts vhosts, Users users, Limits limits, OpenConnections connections) {
        this.store = store;
        this.vhosts = vhosts;
        this.users = users;
        this.limits = limits;
        this.connections = connections;
    }

    void onPutUser(String name, String password, Set<String> tags) {
        PasswordHash hash = PasswordHash.of(password);
        put(new Definition.User(name, hash.encoded(), hash.algorithm(), tags));
        users.putUser(new User(name, hash, tags));
    }

    void onDeleteUser(String name) {
        List<DefinitionChange> changes = new ArrayList<>();
        for (Permission permission : users.current().permissions()) {
            if (permission.user().equals(name)) {
                changes.add(
                        new DefinitionChange.Delete(new Definition.Permission(name, permission.vhost(), "", "", "")));
            }
        }
        for (TopicPermission permission : users.current().topicPermissions()) {
            if (permission.user().equals(name)) {
                changes.add(new DefinitionChange.Delete(
                        new Definition.TopicPermission(name, permission.vhost(), permission.exchange(), "", "")));
            }
        }
        for (String limit : UserLimits.NAMES) {
            changes.add(new DefinitionChange.Delete(new Definition.UserLimit(name, limit, 0)));
        }
        changes.add(new DefinitionChange.Delete(new Definition.User(name, "", "", Set.of())));
        store.apply(changes);
        users.deleteUser(name);
        limits.removeUser(name);
        connections.closeAll(connections.ofUser(name), "user '" + name + "' is deleted");
    }

    void onPutPermission(Definition.Permission definition) {
        Permission permission = Permission.of(definition);
        requireUser(definition.user());
        vhosts.require(definition.vhost());
        put(definition);
        users.putPermission(permission);
    }

    void onClearPermission(String user, String vhost) {
        delete(new Definition.Permission(user, vhost, "", "", ""));
        users.clearPermission(user, vhost);
    }

    void onPutTopicPermission(Definition.TopicPermission definition) {
        TopicPermission permission = TopicPermission.of(definition);
        requireUser(definition.user());
        vhosts.require(definition.vhost());
        put(definition);
        users.putTopicPermission(permission);
    }

    void onPutLimit(String user, String limit, long value) {
        UserLimits.validate(Map.of(limit, value));
        requireUser(user);
        put(new Definition.UserLimit(user, limit, value));
        limits.putOfUser(user, limit, value);
    }

    void onClearLimit(String user, String limit) {
        UserLimits.validate(Map.of(limit, -1L));
        requireUser(user);
        delete(new Definition.UserLimit(user, limit, 0));
        limits.putOfUser(user, limit, -1);
    }

    /** Before anything is stored that could not be loaded again. */
    private void requireUser(String name) {
        if (users.current().user(name).isEmpty()) {
            throw NoSuchDefinitionException.user(name);
        }
    }

    private void put(Definition definition) {
        store.apply(List.of(new DefinitionChange.Put(definition)));
    }

    private void delete(Definition definition) {
        store.apply(List.of(new DefinitionChange.Delete(definition)));
    }
}
