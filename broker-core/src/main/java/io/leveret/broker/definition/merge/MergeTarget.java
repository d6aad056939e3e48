package io.leveret.broker.definition.merge;

import io.leveret.broker.auth.Users;
import io.leveret.broker.definition.RuntimeParameters;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.vhost.VirtualHost;
import io.leveret.broker.vhost.VirtualHostResources;
import java.util.Map;

/**
 * The parts of a broker that a merge changes.
 *
 * @param virtualHosts by name; the merge itself does not add to them
 * @param resources for new virtual hosts
 */
public record MergeTarget(
        Users users,
        Limits limits,
        RuntimeParameters parameters,
        Map<String, VirtualHost> virtualHosts,
        VirtualHostResources resources) {}
