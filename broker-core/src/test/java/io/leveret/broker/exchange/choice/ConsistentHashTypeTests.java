package io.leveret.broker.exchange.choice;

import static io.leveret.broker.exchange.TestTopology.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.TestMessage;
import io.leveret.broker.exchange.TestTopology;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashTypeTests {
    private static final int KEYS = 20_000;

    private final ConsistentHashType type = new ConsistentHashType();
    private final TestTopology topology = new TestTopology();
    private final Exchange exchange = topology.exchange("e", type);

    private Binding bind(String queue, String weight) {
        return topology.bind(exchange, topology.queue(queue), weight);
    }

    private String[] routeAll() {
        Random random = new Random(42);
        String[] chosen = new String[KEYS];
        for (int i = 0; i < KEYS; i++) {
            chosen[i] = topology.route(exchange, Long.toString(random.nextLong(), 36));
        }
        return chosen;
    }

    private static Map<String, Integer> count(String[] chosen) {
        Map<String, Integer> counts = new HashMap<>();
        for (String queue : chosen) {
            counts.merge(queue, 1, Integer::sum);
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "1, 2, 3, 4", "10, 10, 10, 70", "1, 1, 1, 9997", "10000, 10000, 10000, 10000"})
    void spreadsKeysInProportionToWeights(int a, int b, int c, int d) {
        int[] weights = {a, b, c, d};
        for (int i = 0; i < weights.length; i++) {
            bind("q" + i, Integer.toString(weights[i]));
        }
        Map<String, Integer> counts = count(routeAll());
        double sum = a + b + c + d;
        double chiSquare = 0;
        for (int i = 0; i < weights.length; i++) {
            double expected = KEYS * weights[i] / sum;
            double difference = counts.getOrDefault("q" + i, 0) - expected;
            chiSquare += difference * difference / expected;
        }
        // 3 degrees of freedom: once in a thousand above 16.3, and the keys are always the same
        assertThat(chiSquare).as("%s", counts).isLessThan(16.3);
    }

    @Test
    void keysThatDifferLittleAreSpreadToo() {
        for (int i = 0; i < 8; i++) {
            bind("q" + i, "1");
        }
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 8_000; i++) {
            counts.merge(topology.route(exchange, "order." + i), 1, Integer::sum);
        }
        assertThat(counts.values())
                .hasSize(8)
                .allSatisfy(count -> assertThat(count).isBetween(880, 1_120));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3"})
    void aNewDestinationTakesItsShareAndNothingElseMoves(String weight) {
        for (int i = 0; i < 4; i++) {
            bind("q" + i, "5");
        }
        String[] before = routeAll();
        bind("new", weight);
        String[] after = routeAll();

        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            if (!before[i].equals(after[i])) {
                assertThat(after[i]).isEqualTo("new");
                moved++;
            }
        }
        double share = Integer.parseInt(weight) / (20.0 + Integer.parseInt(weight));
        assertThat(moved).isBetween((int) (KEYS * share * 0.93), (int) (KEYS * share * 1.07));
    }

    @Test
    void whatADestinationHadIsSharedOutWhenItGoes() {
        Binding gone = bind("gone", "2");
        bind("a", "1");
        bind("b", "1");
        String[] before = routeAll();
        exchange.unbind(gone);
        String[] after = routeAll();

        Set<String> heirs = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            if (before[i].equals("gone")) {
                heirs.add(after[i]);
            } else {
                assertThat(after[i]).isEqualTo(before[i]);
            }
        }
        assertThat(heirs).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void neitherOrderNorARestartMatters() {
        Exchange other = new TestTopology().exchange("e", type);
        TestTopology otherTopology = new TestTopology();
        for (int i = 0; i < 5; i++) {
            bind("q" + i, Integer.toString(i + 1));
            otherTopology.bind(other, otherTopology.queue("q" + (4 - i)), Integer.toString(5 - i));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(otherTopology.route(other, "k" + i)).isEqualTo(topology.route(exchange, "k" + i));
        }
    }

    @Test
    void aSecondBindingOfADestinationHasNoEffectUntilTheFirstGoes() {
        Binding first = bind("a", "1");
        bind("b", "1");
        String[] before = routeAll();
        Binding second = bind("a", "10000");
        assertThat(routeAll()).isEqualTo(before);
        exchange.unbind(first);
        assertThat(count(routeAll()).get("a")).isGreaterThan(KEYS - 20);
        exchange.unbind(second);
        assertThat(count(routeAll())).containsOnlyKeys("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0     | The binding key must be greater than 0",
                "-1    | The binding key must be greater than 0",
                "-99999999999999999999 | The binding key must be greater than 0",
                "10001 | The binding key must not exceed 10000",
                "99999999999999999999 | The binding key must not exceed 10000",
                "x     | The binding key must be an integer: <<\"x\">>",
                "1.5   | The binding key must be an integer: <<\"1.5\">>",
                "''    | The binding key must be an integer: <<>>",
                "' 1'  | The binding key must be an integer: <<\" 1\">>"
            })
    void refusesWhatIsNoWeight(String key, String text) {
        assertThatThrownBy(() -> bind("q", key)).isInstanceOf(AmqpError.class).hasMessage(text);
        assertThat(exchange.hasBindings()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "10000", "+7", "0000000000000000000000012"})
    void takesAnyWholeNumberInBounds(String key) {
        bind("q", key);
        assertThat(topology.route(exchange, "k")).isEqualTo("q");
    }

    @Test
    void refusesArgumentsThatDoNotFit() {
        FieldTable both = table("hash-header", FieldValue.of("h")).with("hash-property", FieldValue.of("message_id"));
        assertThatThrownBy(() -> type.validateArguments(both, ExchangeTypes.builtIn()))
                .isInstanceOf(AmqpError.class)
                .hasMessage("hash-header and hash-property are mutually exclusive");
        FieldTable unknown = table("hash-property", FieldValue.of("app_id"));
        assertThatThrownBy(() -> type.validateArguments(unknown, ExchangeTypes.builtIn()))
                .isInstanceOf(AmqpError.class)
                .hasMessage("Unsupported property: app_id");
        FieldTable number = table("hash-header", FieldValue.of(1));
        assertThatThrownBy(() -> type.validateArguments(number, ExchangeTypes.builtIn()))
                .isInstanceOf(AmqpError.class)
                .hasMessageContaining("hash-header");
        for (String property : new String[] {"correlation_id", "message_id", "timestamp"}) {
            assertThatCode(() -> type.validateArguments(
                            table("hash-property", FieldValue.of(property)), ExchangeTypes.builtIn()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void hashesAHeader() {
        assertHashes(
                "hash-header",
                "who",
                i -> BasicProperties.builder()
                        .headers(table("who", FieldValue.of("u" + i)))
                        .build());
        assertHashes(
                "hash-header",
                "number",
                i -> BasicProperties.builder()
                        .headers(table("number", FieldValue.of(i)))
                        .build());
    }

    @Test
    void hashesAProperty() {
        assertHashes(
                "hash-property",
                "correlation_id",
                i -> BasicProperties.builder().correlationId("c" + i).build());
        assertHashes(
                "hash-property",
                "message_id",
                i -> BasicProperties.builder().messageId("m" + i).build());
        assertHashes(
                "hash-property",
                "timestamp",
                i -> BasicProperties.builder().timestamp((long) i).build());
    }

    private void assertHashes(String argument, String name, IntFunction<BasicProperties> message) {
        Exchange hashing = topology.exchange(argument + name, type, table(argument, FieldValue.of(name)));
        for (int i = 0; i < 4; i++) {
            topology.bind(hashing, topology.queue("q" + i), "1");
        }
        Set<String> seen = new HashSet<>();
        Set<String> without = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String chosen = topology.route(hashing, TestMessage.of("k" + i, message.apply(i)));
            assertThat(topology.route(hashing, TestMessage.of("other", message.apply(i))))
                    .as("the key does not matter")
                    .isEqualTo(chosen);
            seen.add(chosen);
            without.add(topology.route(hashing, TestMessage.of("k" + i)));
        }
        assertThat(seen).hasSize(4);
        assertThat(without).as("all without a value go one way").hasSize(1);
        assertThat(topology.routes(hashing, "k", null, TestTopology.NO_HEADERS).dependsOnKeyAlone())
                .isFalse();
    }

    @Test
    void routesByTheKeyCanBeRemembered() {
        assertThat(topology.routes(exchange, "k", null, TestTopology.NO_HEADERS).dependsOnKeyAlone())
                .isTrue();
    }
}
