package io.leveret.broker;

import io.leveret.broker.auth.PasswordHash;
import io.leveret.broker.auth.Permission;
import io.leveret.broker.auth.TopicPermission;
import io.leveret.broker.auth.User;
import io.leveret.broker.auth.Users;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.RuntimeParameters;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.journal.RecoveredEntries;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.queue.ClassicQueue;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.VirtualHost;
import io.leveret.broker.vhost.VirtualHostResources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings back what was stored, before anybody can use the broker. */
final class Restoration {
    private static final Logger log = LoggerFactory.getLogger(Restoration.class);

    private final VirtualHosts vhosts;
    private final VirtualHostResources resources;
    private final Users users;
    private final Limits limits;
    private final RuntimeParameters parameters;
    private final @Nullable Journal journal;

    Restoration(
            VirtualHosts vhosts,
            VirtualHostResources resources,
            Users users,
            Limits limits,
            RuntimeParameters parameters,
            @Nullable Journal journal) {
        this.vhosts = vhosts;
        this.resources = resources;
        this.users = users;
        this.limits = limits;
        this.parameters = parameters;
        this.journal = journal;
    }

    /** Returns when queues and exchanges are there; their messages may come a moment later, before anything is asked of them. */
    void restore(List<Definition> stored) {
        for (Definition definition : stored) {
            if (definition instanceof Definition.VirtualHost vhost) {
                vhosts.onRestore(vhost, resources);
            } else {
                restoreAccess(definition);
                restoreSettings(definition);
            }
        }
        Map<String, List<Definition>> topologies = topologies(stored);
        for (VirtualHost vhost : vhosts.all()) {
            vhost.restore(topologies.getOrDefault(vhost.name(), List.of())).join();
            if (journal != null) {
                recoverMessages(journal, vhost);
            }
        }
        if (journal != null) {
            // not before all queues have theirs, because what is too much in one may go to another
            for (VirtualHost vhost : vhosts.all()) {
                vhost.queues().forEach(queue -> tellWhenRecovered(queue, ClassicQueue::onReady));
            }
        }
    }

    private void restoreAccess(Definition definition) {
        if (definition instanceof Definition.User user) {
            users.putUser(new User(
                    user.name(), PasswordHash.parse(user.passwordHash(), user.hashingAlgorithm()), user.tags()));
        } else if (definition instanceof Definition.Permission permission) {
            users.putPermission(Permission.of(permission));
        } else if (definition instanceof Definition.TopicPermission permission) {
            users.putTopicPermission(TopicPermission.of(permission));
        }
    }

    private void restoreSettings(Definition definition) {
        if (definition instanceof Definition.VirtualHostLimit limit) {
            limits.putOfVirtualHost(limit.vhost(), limit.limit(), limit.value());
        } else if (definition instanceof Definition.UserLimit limit) {
            limits.putOfUser(limit.user(), limit.limit(), limit.value());
        } else if (definition instanceof Definition.Parameter parameter) {
            parameters.put(parameter);
        }
    }

    /** What has to be restored in each virtual host, in the order in which it came. */
    private static Map<String, List<Definition>> topologies(List<Definition> stored) {
        Map<String, List<Definition>> byVirtualHost = new HashMap<>();
        for (Definition definition : stored) {
            String vhost = topologyOf(definition);
            if (vhost != null) {
                byVirtualHost.computeIfAbsent(vhost, name -> new ArrayList<>()).add(definition);
            }
        }
        return byVirtualHost;
    }

    private static @Nullable String topologyOf(Definition definition) {
        if (definition instanceof Definition.Exchange exchange) {
            return exchange.vhost();
        } else if (definition instanceof Definition.Queue queue) {
            return queue.vhost();
        } else if (definition instanceof Definition.Binding binding) {
            return binding.vhost();
        }
        return definition instanceof Definition.Policy policy ? policy.vhost() : null;
    }

    private static void recoverMessages(Journal journal, VirtualHost vhost) {
        for (QueueRef queue : vhost.queues()) {
            RecoveredEntries entries = journal.takeRecovered(queue.id());
            tellWhenRecovered(queue, owned -> owned.onRecovered(entries));
        }
        for (Exchange exchange : vhost.exchanges()) {
            if (exchange.id() != OwnerIds.NONE) {
                exchange.recovered(
                        journal.readNow(journal.takeRecovered(exchange.id())).messages());
            }
        }
    }

    /** Takes effect before whatever anybody asks of the queue later. */
    private static void tellWhenRecovered(QueueRef queue, Consumer<ClassicQueue> news) {
        queue.submit(owned -> {
                    news.accept(owned);
                    return true;
                })
                .whenComplete((done, error) -> {
                    if (error != null) {
                        log.atError()
                                .addKeyValue("vhost", queue.vhost())
                                .addKeyValue("queue", queue.name())
                                .setCause(error)
                                .log("{} could not be recovered", queue);
                    }
                });
    }
}
