package io.leveret.broker.definition.merge;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionsFile.QueueEntry;
import io.leveret.broker.definition.DefinitionsFile.VirtualHostEntry;
import io.leveret.broker.definition.Place;
import io.leveret.broker.limit.VirtualHostLimits;
import io.leveret.broker.policy.Policy;
import io.leveret.broker.queue.QueueArguments;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.leveret.broker.vhost.TopologyImport;
import io.leveret.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Virtual hosts, exchanges, queues and bindings of an import. What is wrong is an {@link IllegalArgumentException} or the
 * {@link io.leveret.broker.error.AmqpError} that a client would get.
 */
final class TopologyMerge {
    private static final Logger log = LoggerFactory.getLogger(TopologyMerge.class);
    private static final String RESERVED = "amq.";

    private final StoredDefinitions stored;
    private final MergeTarget target;
    private final TopologyImport.Planned planned = new TopologyImport.Planned();
    private final Map<String, VirtualHost> created = new LinkedHashMap<>();
    private final Map<String, TopologyImport> imports = new LinkedHashMap<>();

    TopologyMerge(StoredDefinitions stored, MergeTarget target) {
        this.stored = stored;
        this.target = target;
    }

    void virtualHost(VirtualHostEntry entry) {
        Definition.VirtualHost described = described(entry);
        String type = described.defaultQueueType();
        if (type != null && !QueueArguments.isQueueType(type)) {
            throw new IllegalArgumentException("Unsupported default queue type '" + type + "'");
        }
        if (find(entry.name()) == null) {
            create(described);
        }
        stored.put(described);
        topology(entry.name()).describe(described);
    }

    private Definition.VirtualHost described(VirtualHostEntry entry) {
        Definition.VirtualHost named = Definition.VirtualHost.named(entry.name());
        Definition.VirtualHost known = stored.find(named.key()) instanceof Definition.VirtualHost found ? found : named;
        return new Definition.VirtualHost(
                entry.name(),
                orElse(entry.description(), known.description()),
                orElse(entry.tags(), known.tags()),
                entry.defaultQueueType() == null ? known.defaultQueueType() : entry.defaultQueueType());
    }

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }

    private void create(Definition.VirtualHost described) {
        int limit = target.limits().node().virtualHosts();
        if (limit > 0 && target.virtualHosts().size() + created.size() >= limit) {
            throw new IllegalArgumentException(
                    "cannot create vhost '" + described.name() + "': vhost limit of " + limit + " is reached");
        }
        VirtualHost vhost = new VirtualHost(described, target.resources());
        created.put(described.name(), vhost);
        planned.add(vhost);
    }

    private @Nullable VirtualHost find(String name) {
        VirtualHost vhost = created.get(name);
        return vhost != null ? vhost : target.virtualHosts().get(name);
    }

    /** The virtual host, be it new; RabbitMQ's text if there is none. */
    VirtualHost require(String name) {
        VirtualHost vhost = find(name);
        if (vhost == null) {
            throw new IllegalArgumentException(
                    "Please create virtual host \"" + name + "\" prior to importing definitions.");
        }
        return vhost;
    }

    private TopologyImport topology(String vhost) {
        TopologyImport known = imports.get(vhost);
        if (known == null) {
            known = require(vhost).beginImport(planned);
            imports.put(vhost, known);
        }
        return known;
    }

    void policy(Definition.Policy entry, Place place) {
        TopologyImport topology = topology(entry.vhost());
        Definition.Policy current = Policy.withoutLegacySettings(entry);
        if (current.definition().isEmpty() && !entry.definition().isEmpty()) {
            skip(place, "it is about mirrored queues only, which RabbitMQ 4 does not have either");
            return;
        }
        Policy policy = Policy.of(current);
        if (stored.put(policy.definition())) {
            topology.policy(policy);
        }
    }

    /** RabbitMQ's texts for virtual hosts that would have more queues than they may have when all is imported. */
    List<String> tooManyQueues() {
        List<String> texts = new ArrayList<>();
        imports.forEach((name, topology) -> {
            long limit = stored.find(new Definition.VirtualHostLimit(name, VirtualHostLimits.MAX_QUEUES, 0).key())
                            instanceof Definition.VirtualHostLimit found
                    ? found.value()
                    : -1;
            int present = require(name).queueCount();
            if (limit >= 0 && topology.newQueues() > 0 && present + topology.newQueues() > limit) {
                texts.add(("Adding %d queue(s) to virtual host \"%s\" would exceed the limit of %d queue(s).\n\n"
                                + "This virtual host currently has %d queue(s) defined.\n\nImport aborted!")
                        .formatted(topology.newQueues(), name, limit, present));
            }
        });
        return texts;
    }

    void exchange(Definition.Exchange entry, Place place) {
        TopologyImport topology = topology(entry.vhost());
        if (entry.name().isEmpty() || entry.name().startsWith(RESERVED)) {
            skip(place, "its name is the broker's");
            return;
        }
        topology.exchange(new ExchangeDeclaration(
                entry.name(), entry.type(), entry.durable(), entry.autoDelete(), entry.internal(), entry.arguments()));
    }

    void queue(QueueEntry entry) {
        TopologyImport topology = topology(entry.vhost());
        if (entry.name().startsWith(RESERVED)) {
            skip(entry.place(), "its name is the broker's");
            return;
        }
        topology.queue(entry.name(), entry.durable(), entry.autoDelete(), entry.arguments());
    }

    void binding(Definition.Binding entry, Place place) {
        TopologyImport topology = topology(entry.vhost());
        if (entry.source().isEmpty() && entry.toQueue() && entry.destination().equals(entry.routingKey())) {
            return; // the default exchange has it anyway
        }
        boolean lacksSource = !topology.hasExchange(entry.source());
        boolean lacksDestination =
                entry.toQueue() ? !topology.hasQueue(entry.destination()) : !topology.hasExchange(entry.destination());
        if (lacksSource && entry.source().startsWith(RESERVED)
                || lacksDestination && entry.destination().startsWith(RESERVED)) {
            skip(place, "one of its ends was skipped");
            return;
        }
        topology.binding(new BindingRequest(
                entry.source(), entry.destination(), entry.toQueue(), entry.routingKey(), entry.arguments(), null));
    }

    private static void skip(Place place, String reason) {
        log.atWarn().addKeyValue("file", place.file()).log("definitions: skipped {}: {}", place, reason);
    }

    /** Virtual hosts that are not there yet, by name. */
    Map<String, VirtualHost> created() {
        return created;
    }

    List<DefinitionChange> changes() {
        List<DefinitionChange> changes = new ArrayList<>();
        imports.values().forEach(topology -> changes.addAll(topology.changes()));
        return changes;
    }

    CompletableFuture<Void> apply() {
        return CompletableFuture.allOf(
                imports.values().stream().map(TopologyImport::apply).toArray(CompletableFuture<?>[]::new));
    }
}
