package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FirstLetterTypeTests {
    private final TestTopology topology = new TestTopology();
    private final Exchange exchange = topology.exchange(
            "e", ExchangeTypes.load(getClass().getClassLoader()).require("x-first-letter"));

    @Test
    void aTypeOfAUserRoutesByItsOwnRule() {
        topology.bind(exchange, topology.queue("apples"), "apple");
        Binding pears = topology.bind(exchange, topology.queue("pears"), "Pear");

        assertThat(topology.route(exchange, "Avocado")).isEqualTo("apples");
        assertThat(topology.route(exchange, "plum", List.of("almond"), TestTopology.NO_HEADERS))
                .isEqualTo("apples pears");
        exchange.unbind(pears);
        assertThat(topology.route(exchange, "plum")).isEmpty();
    }
}
