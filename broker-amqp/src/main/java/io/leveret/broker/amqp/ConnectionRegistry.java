package io.leveret.broker.amqp;

import io.leveret.broker.loop.Uninterrupted;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The connections of a listener, from accepting until all that belonged to them is gone. Safe on any thread. */
final class ConnectionRegistry {
    private final Set<AmqpConnection> connections = ConcurrentHashMap.newKeySet();

    void add(AmqpConnection connection) {
        connections.add(connection);
    }

    void remove(AmqpConnection connection) {
        connections.remove(connection);
    }

    /** Waits until all that are here now are gone; returns whether they went in time. */
    boolean awaitNone(Duration timeout) {
        CompletableFuture<?>[] ends =
                connections.stream().map(AmqpConnection::gone).toArray(CompletableFuture[]::new);
        try {
            Uninterrupted.get(CompletableFuture.allOf(ends), timeout.toMillis());
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    int size() {
        return connections.size();
    }

    List<AmqpConnection> all() {
        return List.copyOf(connections);
    }
}
