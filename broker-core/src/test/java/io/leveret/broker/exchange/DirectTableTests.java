package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldValue;
import org.junit.jupiter.api.Test;

class DirectTableTests {
    private final TestTopology topology = new TestTopology();
    private final Exchange direct = topology.exchange("d", ExchangeTypes.DIRECT);

    @Test
    void matchesTheWholeKey() {
        topology.bind(direct, topology.queue("q1"), "a");
        topology.bind(direct, topology.queue("q2"), "a");
        topology.bind(direct, topology.queue("q3"), "");
        topology.bind(direct, topology.queue("q4"), "#");

        assertThat(topology.route(direct, "a")).isEqualTo("q1 q2");
        assertThat(topology.route(direct, "")).isEqualTo("q3");
        assertThat(topology.route(direct, "A")).isEmpty();
    }

    @Test
    void keepsADestinationUntilTheLastOfItsBindingsGoes() {
        Binding one = topology.bind(direct, topology.queue("q"), "a");
        Binding other = topology.bind(direct, topology.queue("q"), "a", TestTopology.table("x", FieldValue.of("y")));

        direct.unbind(one);
        assertThat(topology.route(direct, "a")).isEqualTo("q");

        direct.unbind(other);
        assertThat(topology.route(direct, "a")).isEmpty();
    }
}
