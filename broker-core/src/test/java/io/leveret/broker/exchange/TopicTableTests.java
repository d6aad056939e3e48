package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicTableTests {
    private final TestTopology topology = new TestTopology();
    private final Exchange topic = topology.exchange("t", ExchangeTypes.TOPIC);

    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "'', a, false",
        "'', '.', false",
        "a, a, true",
        "a, A, false",
        "a, a.b, false",
        "a, '', false",
        "a.b, a.b, true",
        "a.b, a, false",
        "*, a, true",
        "*, '', false",
        "*, a.b, false",
        "*.*, '.', true",
        "a.*.b, a..b, true",
        "a.b, a..b, false",
        "a.., a.., true",
        "a.*, a., true",
        "#, '', true",
        "#, a.b.c, true",
        "#, '.', true",
        "#.a, a, true",
        "#.a, b.c.a, true",
        "#.a, a.b, false",
        "a.#, a, true",
        "a.#, a., true",
        "a.#, b, false",
        "a.#.b, a.b, true",
        "a.#.b, a.x.b.y.b, true",
        "a.#.b, a.x.b.y, false",
        "#.a.#, x.a.y, true",
        "#.a.#, a, true",
        "#.a.#, x.y, false",
        "#.#, '', true",
        "#.*, '', false",
        "*.#, '', false",
        "*.#, a, true",
        "a*, ab, false",
        "a*, a*, true",
        "##, a, false",
        "##, ##, true",
        "a, *, false",
        "*, *, true",
        "a, #, false",
    })
    void matchesWordByWord(String pattern, String key, boolean matches) {
        topology.bind(topic, topology.queue("q"), pattern);

        assertThat(topology.route(topic, key)).isEqualTo(matches ? "q" : "");
    }

    @Test
    void agreesWithANaiveMatcherWhilePatternsComeAndGo() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Binding> bound = new ArrayList<>();
        for (int round = 0; round < 3_000; round++) {
            if (bound.isEmpty() || random.nextInt(5) < 3) {
                Binding binding = new Binding(
                        topic,
                        topology.queue("q" + random.nextInt(20)),
                        randomKey(random, 5, "#", "*", "*"),
                        FieldTable.EMPTY);
                if (hashes(binding.routingKey()) <= 2 && topic.bind(binding)) {
                    bound.add(binding);
                }
            } else {
                topic.unbind(bound.remove(random.nextInt(bound.size())));
            }
            String key = randomKey(random, 6);
            TreeSet<String> expected = new TreeSet<>();
            for (Binding binding : bound) {
                if (matches(words(binding.routingKey()), 0, words(key), 0)) {
                    expected.add(binding.destination().name());
                }
            }
            assertThat(topology.route(topic, key))
                    .as("seed %d, round %d, key '%s'", seed, round, key)
                    .isEqualTo(String.join(" ", expected));
        }
        bound.forEach(topic::unbind);
        assertThat(topology.route(topic, "a.b")).as("seed %d", seed).isEmpty();
    }

    @Test
    void keepsADestinationUntilTheLastOfItsBindingsGoes() {
        Binding one = topology.bind(topic, topology.queue("q"), "a.#");
        Binding other = topology.bind(topic, topology.queue("q"), "a.#", TestTopology.table("x", FieldValue.of(1)));

        topic.unbind(one);
        assertThat(topology.route(topic, "a.b")).isEqualTo("q");

        topic.unbind(other);
        assertThat(topology.route(topic, "a.b")).isEmpty();
    }

    @Test
    void refusesMoreThanTwoHashes() {
        Binding binding = new Binding(topic, topology.queue("q"), "#.a.#.b.#", FieldTable.EMPTY);

        assertThatThrownBy(() -> topic.bind(binding))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED))
                .hasMessage("Topic binding key '#.a.#.b.#' uses 3 '#' wildcards, at most 2 are allowed");
        assertThat(topic.hasBindings()).isFalse();
    }

    @Test
    void takesAHundredThousandBindings() {
        List<Binding> bindings = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            bindings.add(topology.bind(topic, topology.queue("q" + i % 1_000), "device." + i + ".*.#"));
        }

        assertThat(topology.route(topic, "device.77777.up.now")).isEqualTo("q777");
        assertThat(topology.route(topic, "device.100000.up")).isEmpty();

        bindings.forEach(topic::unbind);
        assertThat(topology.route(topic, "device.77777.up.now")).isEmpty();
        assertThat(topic.hasBindings()).isFalse();
    }

    @Test
    void takesAHundredThousandQueuesUnderOnePattern() {
        for (int i = 0; i < 100_000; i++) {
            topology.bind(topic, topology.queue("q" + i), "#");
        }

        assertThat(topology.routes(topic, "a", null, TestTopology.NO_HEADERS).size())
                .isEqualTo(100_000);
    }

    private static String randomKey(Random random, int maxWords, String... more) {
        List<String> vocabulary = new ArrayList<>(List.of("a", "b", "c", "", "ab"));
        vocabulary.addAll(List.of(more));
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(maxWords + 1); i > 0; i--) {
            words.add(vocabulary.get(random.nextInt(vocabulary.size())));
        }
        return String.join(".", words);
    }

    private static int hashes(String pattern) {
        return (int) words(pattern).stream().filter("#"::equals).count();
    }

    private static List<String> words(String key) {
        return key.isEmpty() ? List.of() : List.of(key.split("\\.", -1));
    }

    private static boolean matches(List<String> pattern, int p, List<String> key, int k) {
        if (p == pattern.size()) {
            return k == key.size();
        }
        if (pattern.get(p).equals("#")) {
            return matches(pattern, p + 1, key, k) || k < key.size() && matches(pattern, p, key, k + 1);
        }
        return k < key.size()
                && (pattern.get(p).equals("*") || pattern.get(p).equals(key.get(k)))
                && matches(pattern, p + 1, key, k + 1);
    }
}
