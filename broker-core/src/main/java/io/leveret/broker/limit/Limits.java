package io.leveret.broker.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The limits of a broker, its virtual hosts and its users. Any thread reads; the broker's writer of definitions alone
 * changes. A limit counts from the next thing on: what is there already stays.
 */
public final class Limits {
    private final NodeLimits node;
    private final Map<String, VirtualHostLimits> virtualHosts = new ConcurrentHashMap<>();
    private final Map<String, UserLimits> users = new ConcurrentHashMap<>();

    /** Those of the node, which stay as they are. */
    public Limits(NodeLimits node) {
        this.node = node;
    }

    public NodeLimits node() {
        return node;
    }

    /** Of the virtual host of that name, which need not exist. */
    public VirtualHostLimits ofVirtualHost(String name) {
        return virtualHosts.getOrDefault(name, VirtualHostLimits.NONE);
    }

    /** Of the user of that name, who need not exist. */
    public UserLimits ofUser(String name) {
        return users.getOrDefault(name, UserLimits.NONE);
    }

    /** @param limit one of {@link VirtualHostLimits#NAMES} */
    public void putOfVirtualHost(String name, String limit, long value) {
        virtualHosts.put(name, ofVirtualHost(name).with(limit, value));
    }

    /** @param limit one of {@link UserLimits#NAMES} */
    public void putOfUser(String name, String limit, long value) {
        users.put(name, ofUser(name).with(limit, value));
    }

    /** Takes all limits of a virtual host away. */
    public void removeVirtualHost(String name) {
        virtualHosts.remove(name);
    }

    /** Takes all limits of a user away. */
    public void removeUser(String name) {
        users.remove(name);
    }
}
