package io.leveret.broker.exchange.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeType;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.TestMessage;
import io.leveret.broker.exchange.TestTopology;
import io.leveret.broker.message.FieldTable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceTypeTests {
    private final TestTopology topology = new TestTopology();

    private static ExchangeType type(String name) {
        return ExchangeTypes.load(ChoiceTypeTests.class.getClassLoader()).require(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-random", "x-local-random", "x-modulus-hash", "x-consistent-hash"})
    void givesEachMessageToOneDestination(String name) {
        Exchange exchange = topology.exchange("e", type(name));
        String key = name.equals("x-consistent-hash") ? "1" : "";
        assertThat(topology.route(exchange, "k")).isEmpty();
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            topology.bind(exchange, topology.queue("q" + i), key);
            all.add("q" + i);
        }

        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            seen.add(topology.route(exchange, "key-" + i, List.of("cc-" + i), TestTopology.NO_HEADERS));
        }
        assertThat(seen).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-random", "x-local-random"})
    void choosesByChanceEvenly(String name) {
        Exchange exchange = topology.exchange("e", type(name));
        for (int i = 0; i < 4; i++) {
            topology.bind(exchange, topology.queue("q" + i), "");
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 8_000; i++) {
            counts.merge(topology.route(exchange, "same"), 1, Integer::sum);
        }
        // 2,000 each with a deviation of 39; ten of them are never seen
        assertThat(counts.values())
                .hasSize(4)
                .allSatisfy(count -> assertThat(count).isBetween(1_600, 2_400));
    }

    @Test
    void countsADestinationOnceHoweverOftenItIsBound() {
        Exchange exchange = topology.exchange("e", type("x-random"));
        for (int i = 0; i < 9; i++) {
            topology.bind(exchange, topology.queue("often"), "k" + i);
        }
        topology.bind(exchange, topology.queue("once"), "k");
        int often = 0;
        for (int i = 0; i < 2_000; i++) {
            often += topology.route(exchange, "").equals("often") ? 1 : 0;
        }
        assertThat(often).isBetween(780, 1_220);
    }

    @Test
    void forgetsADestinationWithItsLastBinding() {
        Exchange exchange = topology.exchange("e", type("x-random"));
        Binding first = topology.bind(exchange, topology.queue("q"), "1");
        Binding second = topology.bind(exchange, topology.queue("q"), "2");
        exchange.unbind(first);
        assertThat(topology.route(exchange, "")).isEqualTo("q");
        exchange.unbind(second);
        assertThat(topology.route(exchange, "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-random", "x-local-random"})
    void chanceIsNotRemembered(String name) {
        Exchange exchange = topology.exchange("e", type(name));
        assertThat(topology.routes(exchange, "k", null, TestTopology.NO_HEADERS).dependsOnKeyAlone())
                .isFalse();
    }

    @Test
    void localRandomTakesQueuesWithoutAKeyAlone() {
        Exchange exchange = topology.exchange("e", type("x-local-random"));
        Exchange other = topology.exchange("other", ExchangeTypes.FANOUT);
        assertThatThrownBy(() -> topology.bind(exchange, topology.queue("q"), "k"))
                .isInstanceOf(AmqpError.class)
                .hasMessage("Non empty binding 'k' key not permitted");
        assertThatThrownBy(() -> topology.bind(exchange, other, ""))
                .isInstanceOf(AmqpError.class)
                .hasMessage("Destination not found");
        assertThat(exchange.hasBindings()).isFalse();
    }

    @Test
    void modulusHashAlwaysChoosesTheSameForAKey() {
        Exchange exchange = topology.exchange("e", type("x-modulus-hash"));
        for (int i = 0; i < 4; i++) {
            topology.bind(exchange, topology.queue("q" + i), "any key");
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 4_000; i++) {
            String chosen = topology.route(exchange, "key-" + i);
            assertThat(topology.route(exchange, "key-" + i)).isEqualTo(chosen);
            counts.merge(chosen, 1, Integer::sum);
        }
        assertThat(counts.values())
                .hasSize(4)
                .allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
        assertThat(topology.routes(exchange, "k", null, TestTopology.NO_HEADERS).dependsOnKeyAlone())
                .isTrue();
    }

    @Test
    void modulusHashDoesNotDependOnTheOrderOfBindings() {
        Exchange one = topology.exchange("one", type("x-modulus-hash"));
        Exchange two = topology.exchange("two", type("x-modulus-hash"));
        for (int i = 0; i < 7; i++) {
            topology.bind(one, topology.queue("q" + i), "");
            topology.bind(two, topology.queue("q" + (6 - i)), "");
        }
        for (int i = 0; i < 200; i++) {
            assertThat(topology.route(one, "k" + i)).isEqualTo(topology.route(two, "k" + i));
        }
    }

    @Test
    void modulusHashLooksAtAllKeysOfAMessage() {
        Exchange exchange = topology.exchange("e", type("x-modulus-hash"));
        for (int i = 0; i < 7; i++) {
            topology.bind(exchange, topology.queue("q" + i), "");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            seen.add(topology.route(exchange, "k", List.of("cc" + i), TestTopology.NO_HEADERS));
        }
        assertThat(seen).hasSizeGreaterThan(1);
    }

    @Test
    void consistentHashLooksAtTheFirstKeyAlone() {
        Exchange exchange = topology.exchange("e", type("x-consistent-hash"), FieldTable.EMPTY);
        for (int i = 0; i < 7; i++) {
            topology.bind(exchange, topology.queue("q" + i), "1");
        }
        String chosen = topology.route(exchange, TestMessage.of("k"));
        for (int i = 0; i < 50; i++) {
            assertThat(topology.route(exchange, "k", List.of("cc" + i), TestTopology.NO_HEADERS))
                    .isEqualTo(chosen);
        }
    }
}
