package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.QueueDestination;
import io.leveret.broker.message.Messages;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RouteCacheTests {
    private static final Exchange DEFAULT = Exchange.defaultExchange("/", queue -> null);
    private static final QueueDestination[] NOWHERE = {};

    private final RouteCache cache = new RouteCache();

    @Test
    void findsARouteByTheBytesOfExchangeAndKey() {
        RouteCache.Route route = put("e", "k", 1, 1);
        byte[] key = Messages.address("e", "k");
        byte[] message = Arrays.copyOf(key, 100);
        assertThat(cache.find(message, key.length, 1, 1)).isSameAs(route);
        assertThat(find("e", "K", 1, 1)).isNull();
        assertThat(find("e", "k2", 1, 1)).isNull();
    }

    @Test
    void tellsWhereTheExchangeEnds() {
        put("ab", "c", 1, 1);
        assertThat(find("a", "bc", 1, 1)).isNull();
    }

    @Test
    void forgetsWhatWasFoundUnderAnotherTopologyOrOtherPermissions() {
        put("e", "k", 4, 7);
        assertThat(find("e", "k", 5, 7)).isNull();
        assertThat(find("e", "k", 4, 8)).isNull();
        assertThat(find("e", "k", 4, 7)).isNotNull();
    }

    @Test
    void keepsTheNewerRoute() {
        put("e", "k", 1, 1);
        RouteCache.Route newer = put("e", "k", 2, 1);
        assertThat(find("e", "k", 2, 1)).isSameAs(newer);
    }

    @Test
    void remembersMoreThanTheLastAndNeverMixesThemUp() {
        int found = 0;
        for (int i = 0; i < 1000; i++) {
            put("e", "key-" + i, 1, 1);
        }
        for (int i = 0; i < 1000; i++) {
            RouteCache.Route route = find("e", "key-" + i, 1, 1);
            if (route != null) {
                assertThat(route.key()).isEqualTo(Messages.address("e", "key-" + i));
                found++;
            }
        }
        assertThat(found).isGreaterThan(128);
    }

    private RouteCache.Route put(String exchange, String key, long topology, long access) {
        RouteCache.Route route =
                new RouteCache.Route(Messages.address(exchange, key), DEFAULT, NOWHERE, topology, access);
        cache.put(route);
        return route;
    }

    private RouteCache.Route find(String exchange, String key, long topology, long access) {
        byte[] address = Messages.address(exchange, key);
        return cache.find(address, address.length, topology, access);
    }
}
