package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FanoutTableTests {
    private final TestTopology topology = new TestTopology();
    private final Exchange fanout = topology.exchange("f", ExchangeTypes.FANOUT);

    @Test
    void matchesWhateverTheKey() {
        topology.bind(fanout, topology.queue("q1"), "a");
        topology.bind(fanout, topology.queue("q2"), "");

        assertThat(topology.route(fanout, "zzz")).isEqualTo("q1 q2");
    }

    @Test
    void keepsADestinationUntilTheLastOfItsBindingsGoes() {
        Binding one = topology.bind(fanout, topology.queue("q"), "a");
        Binding other = topology.bind(fanout, topology.queue("q"), "b");

        fanout.unbind(one);
        assertThat(topology.route(fanout, "a")).isEqualTo("q");

        fanout.unbind(other);
        assertThat(topology.route(fanout, "a")).isEmpty();
    }

    @Test
    void takesAHundredThousandQueues() {
        for (int i = 0; i < 100_000; i++) {
            topology.bind(fanout, topology.queue("q" + i), "");
        }

        assertThat(topology.routes(fanout, "", null, TestTopology.NO_HEADERS).size())
                .isEqualTo(100_000);
    }
}
