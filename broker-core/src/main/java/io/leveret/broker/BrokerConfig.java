package io.leveret.broker;

import io.leveret.broker.channel.Interception;
import io.leveret.broker.limit.AlarmConfig;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.limit.NodeLimits;
import java.util.List;
import java.util.Set;

/**
 * What a broker is started with. Names in brackets are RabbitMQ's settings.
 *
 * @param name the node name, such as {@code rabbit@host}; also part of thread names
 * @param virtualHosts the virtual hosts of the first boot, never empty; the first is the default [default_vhost]
 * @param users the users of the first boot, each with full permissions on all of {@code virtualHosts} unless it says
 *     otherwise
 * @param loopbackUsers who may log in from the loopback interface only [loopback_users]
 * @param anonymousUser who an ANONYMOUS login is, the empty string for nobody [anonymous_login_user]
 * @param anonymousPassword [anonymous_login_pass]
 * @param maxMessageSize the largest body in bytes, 1 to 536870912 [max_message_size]
 * @param maxConsumersPerChannel 0 for no limit [consumer_max_per_channel]
 * @param permitTransientNonexclusiveQueues [deprecated_features.permit.transient_nonexcl_queues]
 * @param permitGlobalQos [deprecated_features.permit.global_qos]
 * @param permitQueueMasterLocator [deprecated_features.permit.queue_master_locator]
 * @param defaultQueueType the type of queues whose declaration and virtual host name none [default_queue_type]
 * @param consumerTimeoutMillis how long a delivery may be unacknowledged, 0 for ever, which is the default here because
 *     RabbitMQ 4.3 has no such limit for classic queues [consumer_timeout]
 * @param defaultPrefetch the prefetch limit of channels that never ask for one, 0 for none [default_consumer_prefetch]
 * @param timestampInterception whether messages get the header {@code timestamp_in_ms} and the property timestamp
 *     [message_interceptors.incoming.set_header_timestamp]
 * @param routingNodeInterception whether messages get the header {@code x-routed-by} with {@code name}
 *     [message_interceptors.incoming.set_header_routing_node]
 * @param limits how many of each thing there may be
 * @param alarms when publishers are stopped
 * @param messageMemoryBytes how much the messages of all queues may take in memory before those that are on disk, or can be,
 *     leave it; without a journal they stay
 */
public record BrokerConfig(
        String name,
        List<String> virtualHosts,
        List<FirstUser> users,
        Set<String> loopbackUsers,
        String anonymousUser,
        String anonymousPassword,
        int maxMessageSize,
        int maxConsumersPerChannel,
        boolean permitTransientNonexclusiveQueues,
        boolean permitGlobalQos,
        boolean permitQueueMasterLocator,
        String defaultQueueType,
        long consumerTimeoutMillis,
        int defaultPrefetch,
        Interception timestampInterception,
        Interception routingNodeInterception,
        NodeLimits limits,
        AlarmConfig alarms,
        long messageMemoryBytes) {

    /** The hard cap RabbitMQ puts on a body. */
    public static final int MAX_MESSAGE_SIZE_CAP = 536_870_912;

    public BrokerConfig {
        virtualHosts = List.copyOf(virtualHosts);
        users = List.copyOf(users);
        loopbackUsers = Set.copyOf(loopbackUsers);
    }

    /**
     * A user of the first boot.
     *
     * @param tags such as {@code administrator}
     */
    public record FirstUser(String name, String password, Set<String> tags) {
        public FirstUser {
            tags = Set.copyOf(tags);
        }
    }

    /** RabbitMQ's defaults: virtual host {@code /}, user guest with password guest from loopback only; no alarms. */
    public static BrokerConfig defaults(String name) {
        return builder(name).build();
    }

    /** Begins with the {@link #defaults}. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Puts a configuration together. */
    public static final class Builder {
        private final String name;
        private List<String> virtualHosts = List.of("/");
        private List<FirstUser> users = List.of(new FirstUser("guest", "guest", Set.of("administrator")));
        private Set<String> loopbackUsers = Set.of("guest");
        private String anonymousUser = "guest";
        private String anonymousPassword = "guest";
        private int maxMessageSize = 16 * 1024 * 1024;
        private int maxConsumersPerChannel;
        private boolean permitTransientNonexclusiveQueues = true;
        private boolean permitGlobalQos = true;
        private boolean permitQueueMasterLocator;
        private String defaultQueueType = "classic";
        private long consumerTimeoutMillis;
        private int defaultPrefetch;
        private Interception timestampInterception = Interception.OFF;
        private Interception routingNodeInterception = Interception.OFF;
        private NodeLimits limits = NodeLimits.NONE;
        private AlarmConfig alarms = AlarmConfig.OFF;
        private long messageMemoryBytes = MemoryInUse.defaultPaging();

        private Builder(String name) {
            this.name = name;
        }

        public Builder virtualHosts(List<String> value) {
            virtualHosts = value;
            return this;
        }

        public Builder users(List<FirstUser> value) {
            users = value;
            return this;
        }

        public Builder loopbackUsers(Set<String> value) {
            loopbackUsers = value;
            return this;
        }

        public Builder maxMessageSize(int value) {
            maxMessageSize = value;
            return this;
        }

        public Builder maxConsumersPerChannel(int value) {
            maxConsumersPerChannel = value;
            return this;
        }

        public Builder permitTransientNonexclusiveQueues(boolean value) {
            permitTransientNonexclusiveQueues = value;
            return this;
        }

        public Builder permitGlobalQos(boolean value) {
            permitGlobalQos = value;
            return this;
        }

        public Builder permitQueueMasterLocator(boolean value) {
            permitQueueMasterLocator = value;
            return this;
        }

        public Builder defaultQueueType(String value) {
            defaultQueueType = value;
            return this;
        }

        public Builder consumerTimeoutMillis(long value) {
            consumerTimeoutMillis = value;
            return this;
        }

        public Builder defaultPrefetch(int value) {
            defaultPrefetch = value;
            return this;
        }

        public Builder timestampInterception(Interception value) {
            timestampInterception = value;
            return this;
        }

        public Builder routingNodeInterception(Interception value) {
            routingNodeInterception = value;
            return this;
        }

        public Builder limits(NodeLimits value) {
            limits = value;
            return this;
        }

        public Builder alarms(AlarmConfig value) {
            alarms = value;
            return this;
        }

        /** The default is a fifth of the heap, at most 128 MiB. */
        public Builder messageMemoryBytes(long value) {
            messageMemoryBytes = value;
            return this;
        }

        /** Who an ANONYMOUS login is; an empty name for nobody. */
        public Builder anonymous(String user, String password) {
            anonymousUser = user;
            anonymousPassword = password;
            return this;
        }

        public BrokerConfig build() {
            return new BrokerConfig(
                    name,
                    virtualHosts,
                    users,
                    loopbackUsers,
                    anonymousUser,
                    anonymousPassword,
                    maxMessageSize,
                    maxConsumersPerChannel,
                    permitTransientNonexclusiveQueues,
                    permitGlobalQos,
                    permitQueueMasterLocator,
                    defaultQueueType,
                    consumerTimeoutMillis,
                    defaultPrefetch,
                    timestampInterception,
                    routingNodeInterception,
                    limits,
                    alarms,
                    messageMemoryBytes);
        }
    }
}
