package io.leveret.broker.definition;

import io.leveret.broker.message.FieldTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something an operator or client defined and that outlives connections. Two definitions with the same {@link #key()} are
 * versions of the same thing.
 */
public sealed interface Definition {

    /** The identity of what is defined: its kind and names. */
    List<Object> key();

    /**
     * @param defaultQueueType the type of queues that are declared without one, null for the broker's default
     */
    record VirtualHost(
            String name,
            String description,
            Set<String> tags,
            @Nullable String defaultQueueType) implements Definition {
        public VirtualHost {
            tags = Set.copyOf(tags);
        }

        /** One without any of the rest. */
        public static VirtualHost named(String name) {
            return new VirtualHost(name, "", Set.of(), null);
        }

        @Override
        public List<Object> key() {
            return List.of("vhost", name);
        }
    }

    /**
     * @param passwordHash RabbitMQ's encoded form, never a password
     * @param hashingAlgorithm RabbitMQ's name of the algorithm
     */
    record User(String name, String passwordHash, String hashingAlgorithm, Set<String> tags) implements Definition {
        public User {
            tags = Set.copyOf(tags);
        }

        @Override
        public List<Object> key() {
            return List.of("user", name);
        }
    }

    record Permission(String user, String vhost, String configure, String write, String read) implements Definition {
        @Override
        public List<Object> key() {
            return List.of("permission", user, vhost);
        }
    }

    record TopicPermission(String user, String vhost, String exchange, String write, String read)
            implements Definition {
        @Override
        public List<Object> key() {
            return List.of("topic-permission", user, vhost, exchange);
        }
    }

    /** @param id by which the journal knows it; 0 for none */
    record Exchange(
            String vhost,
            String name,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            FieldTable arguments,
            long id)
            implements Definition {
        /** One that the journal does not know. */
        public Exchange(
                String vhost,
                String name,
                String type,
                boolean durable,
                boolean autoDelete,
                boolean internal,
                FieldTable arguments) {
            this(vhost, name, type, durable, autoDelete, internal, arguments, 0);
        }

        @Override
        public List<Object> key() {
            return List.of("exchange", vhost, name);
        }
    }

    /**
     * A durable queue.
     *
     * @param id by which the journal knows it; another one than that of any queue that had the name before
     */
    record Queue(String vhost, String name, boolean autoDelete, FieldTable arguments, long id) implements Definition {
        @Override
        public List<Object> key() {
            return List.of("queue", vhost, name);
        }
    }

    record Binding(
            String vhost, String source, String destination, boolean toQueue, String routingKey, FieldTable arguments)
            implements Definition {
        @Override
        public List<Object> key() {
            return List.of("binding", vhost, source, destination, toQueue, routingKey, arguments);
        }
    }

    /**
     * A policy or, with {@code operator}, an operator policy.
     *
     * @param applyTo as RabbitMQ writes it: all, queues, exchanges, classic_queues, quorum_queues, streams
     * @param definition values are String, Long, Double, Boolean, List or Map, as JSON has them
     */
    record Policy(
            String vhost,
            String name,
            boolean operator,
            String pattern,
            String applyTo,
            int priority,
            Map<String, Object> definition)
            implements Definition {
        public Policy {
            definition = Map.copyOf(definition);
        }

        @Override
        public List<Object> key() {
            return List.of(operator ? "operator-policy" : "policy", vhost, name);
        }
    }

    /**
     * A runtime parameter of a component that is none of the other kinds here.
     *
     * @param vhost null for a global parameter, which has the component {@code global}
     * @param value as JSON has it: String, Long, Double, Boolean, List or Map
     */
    record Parameter(@Nullable String vhost, String component, String name, Object value) implements Definition {
        @Override
        public List<Object> key() {
            return vhost == null
                    ? List.of("global-parameter", component, name)
                    : List.of("parameter", vhost, component, name);
        }
    }

    /**
     * A limit of a virtual host.
     *
     * @param limit max-connections or max-queues
     * @param value negative for no limit
     */
    record VirtualHostLimit(String vhost, String limit, long value) implements Definition {
        @Override
        public List<Object> key() {
            return List.of("vhost-limit", vhost, limit);
        }
    }

    /**
     * A limit of a user.
     *
     * @param limit max-connections or max-channels
     * @param value negative for no limit
     */
    record UserLimit(String user, String limit, long value) implements Definition {
        @Override
        public List<Object> key() {
            return List.of("user-limit", user, limit);
        }
    }
}
