package io.leveret.broker;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.definition.RuntimeParameters;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.VirtualHostLimits;
import io.leveret.broker.policy.Policy;
import io.leveret.broker.policy.PolicyParameter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Changes runtime parameters, on the writer. Operator policies and limits of virtual hosts are parameters too, as they are
 * in RabbitMQ's files of definitions and in its HTTP API, but are kept where they count.
 */
final class Settings {
    private final DefinitionStore store;
    private final VirtualHosts vhosts;
    private final Limits limits;
    private final RuntimeParameters parameters;

    Settings(DefinitionStore store, VirtualHosts vhosts, Limits limits, RuntimeParameters parameters) {
        this.store = store;
        this.vhosts = vhosts;
        this.limits = limits;
        this.parameters = parameters;
    }

    /** @return completes when what it sets is in effect */
    CompletableFuture<Void> onPut(Definition.Parameter parameter) {
        String vhost = parameter.vhost();
        if (vhost != null && parameter.component().equals(PolicyParameter.OPERATOR_POLICY)) {
            Policy policy = Policy.of(PolicyParameter.operatorPolicy(vhost, parameter.name(), parameter.value()));
            return vhosts.require(vhost).onPutPolicies(List.of(policy));
        }
        if (vhost != null && parameter.component().equals(VirtualHostLimits.COMPONENT)) {
            onPutLimits(vhost, VirtualHostLimits.fromParameter(parameter));
        } else {
            RuntimeParameters.validate(parameter);
            if (vhost != null) {
                vhosts.require(vhost);
            }
            store.apply(List.of(new DefinitionChange.Put(parameter)));
            parameters.put(parameter);
        }
        return CompletableFuture.completedFuture(null);
    }

    /** @return completes when what it takes away has no effect any more */
    CompletableFuture<Void> onClear(@Nullable String vhost, String component, String name) {
        if (vhost != null && component.equals(PolicyParameter.OPERATOR_POLICY)) {
            return vhosts.require(vhost).onClearPolicy(name, true);
        }
        if (vhost != null && component.equals(VirtualHostLimits.COMPONENT)) {
            onClearLimits(vhost, VirtualHostLimits.NAMES);
        } else {
            Definition.Parameter there = parameters.find(new Definition.Parameter(vhost, component, name, ""));
            if (there == null) {
                throw NoSuchDefinitionException.parameter();
            }
            store.apply(List.of(new DefinitionChange.Delete(there)));
            parameters.remove(there);
        }
        return CompletableFuture.completedFuture(null);
    }

    /** @param values checked */
    void onPutLimits(String vhost, Map<String, Long> values) {
        vhosts.require(vhost);
        store.apply(values.entrySet().stream()
                .<DefinitionChange>map(entry -> new DefinitionChange.Put(
                        new Definition.VirtualHostLimit(vhost, entry.getKey(), entry.getValue())))
                .toList());
        values.forEach((limit, value) -> limits.putOfVirtualHost(vhost, limit, value));
    }

    /** @param names checked */
    void onClearLimits(String vhost, List<String> names) {
        vhosts.require(vhost);
        store.apply(names.stream()
                .<DefinitionChange>map(
                        limit -> new DefinitionChange.Delete(new Definition.VirtualHostLimit(vhost, limit, 0)))
                .toList());
        names.forEach(limit -> limits.putOfVirtualHost(vhost, limit, -1));
    }
}
