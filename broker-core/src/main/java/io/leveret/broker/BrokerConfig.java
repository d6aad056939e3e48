package io.leveret.broker;

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
        boolean permitGlobalQos) {

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

    /** RabbitMQ's defaults: virtual host {@code /}, user guest with password guest from loopback only. */
    public static BrokerConfig defaults(String name) {
        return new BrokerConfig(
                name,
                List.of("/"),
                List.of(new FirstUser("guest", "guest", Set.of("administrator"))),
                Set.of("guest"),
                "guest",
                "guest",
                16 * 1024 * 1024,
                0,
                true,
                true);
    }
}
