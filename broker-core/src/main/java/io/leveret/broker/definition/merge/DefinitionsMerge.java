package io.leveret.broker.definition.merge;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionsFile;
import io.leveret.broker.definition.DefinitionsFile.DefinitionEntry;
import io.leveret.broker.definition.DefinitionsFile.Entry;
import io.leveret.broker.definition.DefinitionsFile.QueueEntry;
import io.leveret.broker.definition.DefinitionsFile.UserEntry;
import io.leveret.broker.definition.DefinitionsFile.VirtualHostEntry;
import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.definition.DefinitionsImportException.Problem;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.definition.Place;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Works out what definitions of files change in a broker, and refuses those that are wrong before anything is changed. The
 * rules are those of rabbit_definitions: users, permissions, policies and parameters are created or replaced, virtual hosts,
 * exchanges, queues and bindings created unless they are there, nothing is deleted. Unlike RabbitMQ it is all or nothing.
 *
 * <p>Belongs to the writer of the broker's definitions, within one task: {@link #add}, then {@link #changes} into the
 * store, then {@link #apply}.
 */
public final class DefinitionsMerge {
    private final StoredDefinitions stored;
    private final AccessMerge access;
    private final SettingsMerge settings;
    private final TopologyMerge topology;

    /** @param stored everything the store has */
    public DefinitionsMerge(List<Definition> stored, MergeTarget target) {
        this.stored = new StoredDefinitions(stored);
        this.access = new AccessMerge(this.stored, target.users());
        this.settings = new SettingsMerge(this.stored, target);
        this.topology = new TopologyMerge(this.stored, target);
    }

    /**
     * Adds what a file asks for. Of files added one after another, the last counts where they contradict each other.
     *
     * @param keptUsers users that stay as they are, whatever the file says about their password and tags
     * @throws DefinitionsImportException with all mistakes of the first section that has any; the merge is of no use then
     */
    public void add(DefinitionsFile file, Set<String> keptUsers) {
        List<Problem> problems = new ArrayList<>();
        Map<List<Object>, Place> seen = new HashMap<>();
        String section = "";
        for (Entry entry : file.entries()) {
            if (!section.equals(entry.place().section())) {
                refuse(file, problems);
                section = entry.place().section();
                seen.clear(); // limits of a virtual host stand in two sections
            }
            if (entry instanceof UserEntry user && keptUsers.contains(user.name())) {
                continue;
            }
            try {
                refuseDuplicate(entry, seen);
                add(entry);
            } catch (IllegalArgumentException | AmqpError e) {
                problems.add(Problem.of(entry.place(), text(e)));
            }
        }
        refuse(file, problems);
        topology.tooManyQueues().forEach(text -> problems.add(new Problem("", text)));
        refuse(file, problems);
    }

    /** Without the title over RabbitMQ's list of errors, which has lines of its own. */
    private static String text(RuntimeException e) {
        return e instanceof InvalidDefinitionException invalid
                ? String.join("; ", invalid.errors())
                : String.valueOf(e.getMessage());
    }

    private static void refuse(DefinitionsFile file, List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new DefinitionsImportException(file.name(), problems);
        }
    }

    private static void refuseDuplicate(Entry entry, Map<List<Object>, Place> seen) {
        Place first = seen.putIfAbsent(key(entry), entry.place());
        if (first != null) {
            throw new IllegalArgumentException("is there twice, first as " + first);
        }
    }

    private static List<Object> key(Entry entry) {
        if (entry instanceof UserEntry user) {
            return StoredDefinitions.userKey(user.name());
        }
        if (entry instanceof VirtualHostEntry vhost) {
            return List.of("vhost", vhost.name());
        }
        if (entry instanceof QueueEntry queue) {
            return List.of("queue", queue.vhost(), queue.name());
        }
        return ((DefinitionEntry) entry).definition().key();
    }

    private void add(Entry entry) {
        if (entry instanceof UserEntry user) {
            access.user(user);
        } else if (entry instanceof VirtualHostEntry vhost) {
            topology.virtualHost(vhost);
        } else if (entry instanceof QueueEntry queue) {
            topology.queue(queue);
        } else if (entry instanceof DefinitionEntry other) {
            add(other);
        }
    }

    private void add(DefinitionEntry entry) {
        Definition definition = entry.definition();
        if (definition instanceof Definition.Permission permission) {
            topology.require(permission.vhost());
            access.permission(permission);
        } else if (definition instanceof Definition.TopicPermission permission) {
            topology.require(permission.vhost());
            access.topicPermission(permission);
        } else if (definition instanceof Definition.Exchange exchange) {
            topology.exchange(exchange, entry.place());
        } else if (definition instanceof Definition.Binding binding) {
            topology.binding(binding, entry.place());
        } else if (definition instanceof Definition.Policy policy) {
            topology.policy(policy, entry.place());
        } else {
            addSetting(definition);
        }
    }

    private void addSetting(Definition definition) {
        if (definition instanceof Definition.VirtualHostLimit limit) {
            topology.require(limit.vhost());
            settings.limit(limit);
        } else if (definition instanceof Definition.UserLimit limit) {
            settings.limit(limit);
        } else if (definition instanceof Definition.Parameter parameter) {
            if (parameter.vhost() != null) {
                topology.require(parameter.vhost());
            }
            settings.parameter(parameter);
        } else {
            throw new IllegalStateException("no entry of a file is " + definition);
        }
    }

    /** Gives a user all permissions in a virtual host where the user has none so far. */
    public void grantEverything(String user, String vhost) {
        access.grantEverything(user, vhost);
    }

    /** What is to be stored, virtual hosts and users first, bindings last; empty if everything is as asked for. */
    public List<DefinitionChange> changes() {
        List<DefinitionChange> changes = new ArrayList<>(stored.changes());
        changes.addAll(topology.changes());
        return changes;
    }

    /** New virtual hosts by name, of which nobody knows; complete once {@link #apply} has returned. */
    public Map<String, VirtualHost> created() {
        return topology.created();
    }

    /**
     * Brings the changes to life.
     *
     * @return completes when the queues that were there before go by the policies
     */
    public CompletableFuture<Void> apply() {
        access.apply();
        settings.apply();
        return topology.apply();
    }
}
