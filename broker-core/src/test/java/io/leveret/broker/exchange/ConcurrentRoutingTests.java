package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of all tables while their one writer binds and unbinds. */
class ConcurrentRoutingTests {
    private static final int STABLE_QUEUES = 40;

    @ParameterizedTest
    @ValueSource(strings = {"direct", "fanout", "topic", "headers"})
    void neverMissesABindingThatStays(String type) throws Exception {
        TestTopology topology = new TestTopology();
        Exchange exchange = topology.exchange("e", ExchangeTypes.builtIn().require(type));
        Binding first = topology.bind(exchange, topology.queue("passing first"), "a.b");
        for (int i = 0; i < STABLE_QUEUES; i++) {
            topology.bind(exchange, topology.queue("stable" + i), type.equals("topic") && i % 2 == 0 ? "a.#" : "a.b");
        }
        exchange.unbind(first);
        AtomicBoolean writing = new AtomicBoolean(true);
        ExecutorService readers = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> fewest = readers.submit(() -> fewestStable(exchange, writing));
            write(topology, exchange);
            writing.set(false);
            assertThat(fewest.get(60, TimeUnit.SECONDS)).isEqualTo(STABLE_QUEUES);
        } finally {
            writing.set(false);
            readers.shutdown();
        }
    }

    @Test
    void seesABindingAsSoonAsItsWriterIsDone() throws Exception {
        TestTopology topology = new TestTopology();
        Exchange exchange = topology.exchange("e", ExchangeTypes.TOPIC);
        Router router = new Router(name -> null);
        Routes routes = new Routes();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 500; i++) {
                Binding binding = topology.bind(exchange, topology.queue("q"), "w" + i + ".*");
                String key = "w" + i + ".x";
                assertThat(reader.submit(() -> size(router, exchange, key, routes))
                                .get())
                        .isOne();
                if (i % 3 == 0) {
                    exchange.unbind(binding);
                    assertThat(reader.submit(() -> size(router, exchange, key, routes))
                                    .get())
                            .isZero();
                }
            }
        } finally {
            reader.shutdown();
        }
    }

    private static int size(Router router, Exchange exchange, String key, Routes routes) {
        router.route(exchange, TestMessage.of(key), routes);
        return routes.size();
    }

    private static void write(TestTopology topology, Exchange exchange) {
        Random random = new Random(1);
        List<Binding> passing = new ArrayList<>();
        String[] keys = {"a.b", "a.*", "#", "a.c", "a.d.e", "x", "*.b", "a"};
        for (int round = 0; round < 60_000; round++) {
            if (passing.size() < 50 && random.nextBoolean()) {
                Binding binding = new Binding(
                        exchange,
                        topology.queue("passing" + random.nextInt(100)),
                        keys[random.nextInt(keys.length)] + (random.nextInt(4) == 0 ? "." + round : ""),
                        FieldTable.EMPTY);
                if (exchange.bind(binding)) {
                    passing.add(binding);
                }
            } else if (!passing.isEmpty()) {
                exchange.unbind(passing.remove(random.nextInt(passing.size())));
            }
        }
    }

    private static int fewestStable(Exchange exchange, AtomicBoolean writing) {
        Router router = new Router(name -> null);
        Routes routes = new Routes();
        int fewest = Integer.MAX_VALUE;
        while (writing.get() || fewest == Integer.MAX_VALUE) {
            router.route(exchange, TestMessage.of("a.b"), routes);
            int stable = 0;
            for (int i = 0; i < routes.size(); i++) {
                if (routes.get(i).name().startsWith("stable")) {
                    stable++;
                }
            }
            fewest = Math.min(fewest, stable);
        }
        return fewest;
    }
}
