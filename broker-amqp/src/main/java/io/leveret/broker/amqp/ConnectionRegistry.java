package io.leveret.broker.amqp;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of a listener, from accepting until all that belonged to them is gone. Safe on any thread. */
final class ConnectionRegistry {
    private final Set<AmqpConnection> connections = ConcurrentHashMap.newKeySet();

    void add(AmqpConnection connection) {
        connections.add(connection);
    }

    void remove(AmqpConnection connection) {
        connections.remove(connection);
    }

    int size() {
        return connections.size();
    }

    List<AmqpConnection> all() {
        return List.copyOf(connections);
    }
}
