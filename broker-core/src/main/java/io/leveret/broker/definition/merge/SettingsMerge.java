package io.leveret.broker.definition.merge;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.RuntimeParameters;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.UserLimits;
import io.leveret.broker.limit.VirtualHostLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Limits and runtime parameters of an import. What is wrong is an {@link IllegalArgumentException}. */
final class SettingsMerge {
    private final StoredDefinitions stored;
    private final Limits limits;
    private final RuntimeParameters parameters;
    private final List<Definition.VirtualHostLimit> ofVirtualHosts = new ArrayList<>();
    private final List<Definition.UserLimit> ofUsers = new ArrayList<>();
    private final List<Definition.Parameter> others = new ArrayList<>();

    SettingsMerge(StoredDefinitions stored, MergeTarget target) {
        this.stored = stored;
        this.limits = target.limits();
        this.parameters = target.parameters();
    }

    void limit(Definition.VirtualHostLimit limit) {
        VirtualHostLimits.validate(Map.of(limit.limit(), limit.value()));
        if (stored.put(limit)) {
            ofVirtualHosts.add(limit);
        }
    }

    void limit(Definition.UserLimit limit) {
        UserLimits.validate(Map.of(limit.limit(), limit.value()));
        if (stored.put(limit)) {
            ofUsers.add(limit);
        }
    }

    void parameter(Definition.Parameter parameter) {
        RuntimeParameters.validate(parameter);
        if (stored.put(parameter)) {
            others.add(parameter);
        }
    }

    void apply() {
        ofVirtualHosts.forEach(limit -> limits.putOfVirtualHost(limit.vhost(), limit.limit(), limit.value()));
        ofUsers.forEach(limit -> limits.putOfUser(limit.user(), limit.limit(), limit.value()));
        others.forEach(parameters::put);
    }
}
