package io.leveret.broker;

import io.leveret.broker.auth.Permission;
import io.leveret.broker.auth.TopicPermission;
import io.leveret.broker.auth.Users;
import io.leveret.broker.channel.OpenConnections;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.definition.RuntimeParameters;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.VirtualHostLimits;
import io.leveret.broker.queue.QueueArguments;
import io.leveret.broker.stats.MessageEvent;
import io.leveret.broker.stats.VirtualHostCounts;
import io.leveret.broker.vhost.TopologyListeners;
import io.leveret.broker.vhost.TopologyRemoval;
import io.leveret.broker.vhost.VirtualHost;
import io.leveret.broker.vhost.VirtualHostResources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The virtual hosts of a broker. Any thread reads; methods whose name begins with {@code on} are the writer's. */
final class VirtualHosts implements VirtualHostResources.Totals {
    private final Map<String, VirtualHost> byName = new ConcurrentHashMap<>();
    private final DefinitionStore store;
    private final Users users;
    private final Limits limits;
    private final RuntimeParameters parameters;
    private final OpenConnections connections;
    private final TopologyListeners listeners;
    /** What was counted in virtual hosts that are deleted, by event; replaced by the writer. */
    private volatile Map<MessageEvent, Long> countedBefore = Map.of();

    VirtualHosts(
            DefinitionStore store,
            Users users,
            Limits limits,
            RuntimeParameters parameters,
            OpenConnections connections,
            TopologyListeners listeners) {
        this.store = store;
        this.users = users;
        this.limits = limits;
        this.parameters = parameters;
        this.connections = connections;
        this.listeners = listeners;
    }

    @Nullable VirtualHost find(String name) {
        return byName.get(name);
    }

    /** @throws NoSuchDefinitionException if there is none of that name */
    VirtualHost require(String name) {
        VirtualHost vhost = byName.get(name);
        if (vhost == null) {
            throw NoSuchDefinitionException.virtualHost(name);
        }
        return vhost;
    }

    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    Collection<VirtualHost> all() {
        return byName.values();
    }

    /** A view of all of them. */
    Map<String, VirtualHost> byName() {
        return Collections.unmodifiableMap(byName);
    }

    @Override
    public int queues() {
        int total = 0;
        for (VirtualHost vhost : byName.values()) {
            total += vhost.queueCount();
        }
        return total;
    }

    @Override
    public int exchanges() {
        int total = 0;
        for (VirtualHost vhost : byName.values()) {
            total += vhost.exchangeCount();
        }
        return total;
    }

    /** New ones that are in the store already. */
    void onAdd(Map<String, VirtualHost> created) {
        byName.putAll(created);
        created.values().forEach(listeners::added);
    }

    /** One that is in the store already. */
    void onRestore(Definition.VirtualHost stored, VirtualHostResources resources) {
        byName.put(stored.name(), new VirtualHost(stored, resources));
    }

    /** Creates one, or changes what is said about it; null leaves that as it is. */
    VirtualHost onPut(String name, Definition.@Nullable VirtualHost described, VirtualHostResources resources) {
        VirtualHost existing = byName.get(name);
        if (existing == null) {
            return onCreate(described == null ? Definition.VirtualHost.named(name) : described, resources);
        }
        if (described != null) {
            store.apply(List.of(new DefinitionChange.Put(described)));
            existing.describe(described);
        }
        return existing;
    }

    private VirtualHost onCreate(Definition.VirtualHost definition, VirtualHostResources resources) {
        int limit = limits.node().virtualHosts();
        if (limit > 0 && byName.size() >= limit) {
            throw InvalidDefinitionException.of(
                    "cannot create vhost '" + definition.name() + "': vhost limit of " + limit + " is reached");
        }
        store.apply(List.of(new DefinitionChange.Put(definition)));
        VirtualHost created = new VirtualHost(definition, resources);
        byName.put(definition.name(), created);
        listeners.added(created);
        return created;
    }

    static void validate(Definition.VirtualHost definition) {
        String type = definition.defaultQueueType();
        if (type != null && !QueueArguments.isQueueType(type)) {
            throw InvalidDefinitionException.of("Unsupported default queue type");
        }
    }

    /**
     * Deletes one with all that is in it and all that is said about it: in the store, then here. Here its name is gone first,
     * so that a connection is either among those that are closed or finds, when it has been counted, that it came too late.
     */
    void onDelete(String name) {
        VirtualHost vhost = require(name);
        TopologyRemoval everything = vhost.everything();
        List<DefinitionChange> changes = everything.changes();
        for (Definition said : saidAbout(name)) {
            changes.add(new DefinitionChange.Delete(said));
        }
        changes.add(new DefinitionChange.Delete(vhost.metadata()));
        store.apply(changes);
        countedBefore = countedWith(vhost.counts());
        byName.remove(name);
        listeners.removed(vhost);
        connections.closeAll(connections.ofVirtualHost(name), "vhost '" + name + "' is deleted");
        vhost.onDeleted();
        everything.apply();
        users.deleteVhost(name);
        limits.removeVirtualHost(name);
        parameters.list(name).forEach(parameters::remove);
    }

    private Map<MessageEvent, Long> countedWith(VirtualHostCounts more) {
        Map<MessageEvent, Long> counted = new EnumMap<>(MessageEvent.class);
        for (MessageEvent event : MessageEvent.values()) {
            counted.put(event, countedBefore.getOrDefault(event, 0L) + more.get(event));
        }
        return counted;
    }

    /** How often it has happened in all virtual hosts, those that are deleted included. */
    long count(MessageEvent event) {
        long sum = countedBefore.getOrDefault(event, 0L);
        for (VirtualHost vhost : byName.values()) {
            sum += vhost.counts().get(event);
        }
        return sum;
    }

    private List<Definition> saidAbout(String name) {
        List<Definition> said = new ArrayList<>(parameters.list(name));
        for (Permission permission : users.current().permissions()) {
            if (permission.vhost().equals(name)) {
                said.add(new Definition.Permission(permission.user(), name, "", "", ""));
            }
        }
        for (TopicPermission permission : users.current().topicPermissions()) {
            if (permission.vhost().equals(name)) {
                said.add(new Definition.TopicPermission(permission.user(), name, permission.exchange(), "", ""));
            }
        }
        VirtualHostLimits.NAMES.forEach(limit -> said.add(new Definition.VirtualHostLimit(name, limit, 0)));
        return said;
    }
}
