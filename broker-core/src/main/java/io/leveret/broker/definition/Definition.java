package io.leveret.broker.definition;

import io.leveret.broker.message.FieldTable;
import java.util.List;
import java.util.Set;

/**
 * Something an operator or client defined and that outlives connections. Two definitions with the same {@link #key()} are
 * versions of the same thing.
 */
public sealed interface Definition {

    /** The identity of what is defined: its kind and names. */
    List<Object> key();

    record VirtualHost(String name) implements Definition {
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

    record Exchange(
            String vhost,
            String name,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            FieldTable arguments)
            implements Definition {
        @Override
        public List<Object> key() {
            return List.of("exchange", vhost, name);
        }
    }

    record Queue(String vhost, String name, boolean autoDelete, FieldTable arguments) implements Definition {
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
}
