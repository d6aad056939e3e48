package io.leveret.broker.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicMatcherTests {

    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true",
        "a.*, a.b, true",
        "a.*, a, false",
        "a.*, a.b.c, false",
        "a.#, a, true",
        "a.#, a.b.c, true",
        "#, a.b, true",
        "#, '', true",
        "*, '', false",
        "#.b, a.b, true",
        "#.b, a.c, false",
        "*.1.#.2, x.1.2, true",
        "*.1.#.2, x.1.y.z.2, true",
        "a.b, a.b.c, false",
    })
    void matchesAsTheRulesSay(String bindingKey, String routingKey, boolean expected) {
        assertThat(TopicMatcher.matches(bindingKey, routingKey)).isEqualTo(expected);
    }
}
