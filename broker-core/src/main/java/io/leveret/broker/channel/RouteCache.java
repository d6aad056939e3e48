package io.leveret.broker.channel;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.QueueDestination;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers where the publishes of one connection went, by the bytes of exchange and routing key as they stand in
 * {@code basic.publish}, so that a publish that repeats an earlier one needs neither a string nor a look-up. What is
 * remembered includes that the user may publish there. Owned by the connection's loop.
 */
final class RouteCache {
    private static final int SLOTS = 256;

    private final @Nullable Route[] slots = new Route[SLOTS];
    private @Nullable Route last;

    /**
     * @param topologyVersion the version of the virtual host it was found under
     * @param accessVersion the version of the users and permissions it was found under
     */
    record Route(byte[] key, Exchange exchange, QueueDestination[] queues, long topologyVersion, long accessVersion) {
        boolean isFor(byte[] data, int length) {
            return key.length == length && Arrays.equals(key, 0, length, data, 0, length);
        }
    }

    /** The route for the first {@code length} bytes, if it is remembered and still good. */
    @Nullable Route find(byte[] data, int length, long topologyVersion, long accessVersion) {
        Route route = last;
        if (route == null || !route.isFor(data, length)) {
            route = slots[slot(data, length)];
            if (route == null || !route.isFor(data, length)) {
                return null;
            }
            last = route;
        }
        return route.topologyVersion == topologyVersion && route.accessVersion == accessVersion ? route : null;
    }

    void put(Route route) {
        slots[slot(route.key, route.key.length)] = route;
        last = route;
    }

    private static int slot(byte[] data, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + data[i];
        }
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }
}
