package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** More: {@code behaviour.TopicRoutingTests}, {@code HeadersRoutingTests}. */
@Tag("behaviour")
@DisplayName("13.7 Topic and headers matching")
class Line07MatchingTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** All keys are published; the pattern takes those in its second column. {@code -} is the empty key. */
    @ParameterizedTest(name = "{0} matches {1}")
    @CsvSource({
        "-,     -",
        "a,     a",
        "*,     a b",
        "#,     - a b a.b a..b .a a. . a.c.b b.a.b",
        "#.b,   b a.b a..b a.c.b b.a.b",
        "a.#,   a a.b a..b a. a.c.b",
        "a.#.b, a.b a..b a.c.b",
        "#.a.#, a a.b a..b .a a. a.c.b b.a.b",
        "a.*,   a.b a.",
        "*.b,   a.b",
        "a..b,  a..b",
        "a.*.b, a..b a.c.b",
        ".a,    .a",
        "a.,    a.",
        ".,     .",
        "*.*,   a.b .a a. .",
        "A.B,   ''",
        "a#,    ''"
    })
    @DisplayName("topic: empty words, # at start, middle and end, empty key")
    void topic(String pattern, String matching) throws IOException {
        List<String> keys = List.of("-", "a", "b", "a.b", "a..b", ".a", "a.", ".", "a.c.b", "b.a.b");
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "topic");
        String queue = broker.queueBoundTo(channel, exchange, pattern.replace("-", ""));

        for (String key : keys) {
            channel.basicPublish(exchange, key.replace("-", ""), null, TestBroker.bytes(key));
        }

        TestBroker.awaitReady(channel, queue, matching.isEmpty() ? 0 : matching.split(" ").length);
        assertThat(TestBroker.drain(channel, queue))
                .containsExactlyElementsOf(
                        matching.isEmpty()
                                ? List.of()
                                : Arrays.stream(matching.split(" ")).toList());
    }

    static Stream<Arguments> headers() {
        Map<String, Object> criteria = Map.of("a", 1, "x-b", "x");
        Map<String, Object> none = Map.of();
        return Stream.of(
                // mode, criteria, headers, whether it matches
                arguments(null, criteria, Map.of("a", 1), true),
                arguments("all", criteria, Map.of("a", 1), true),
                arguments("all", criteria, Map.of("a", 2, "x-b", "x"), false),
                arguments("all", criteria, none, false),
                arguments("any", criteria, Map.of("a", 1), true),
                arguments("any", criteria, Map.of("x-b", "x"), false),
                arguments("any", Map.of("a", 1, "c", 2), Map.of("a", 9, "c", 2), true),
                arguments("all-with-x", criteria, Map.of("a", 1), false),
                arguments("all-with-x", criteria, Map.of("a", 1, "x-b", "x", "c", 3), true),
                arguments("any-with-x", criteria, Map.of("x-b", "x"), true),
                arguments("any-with-x", criteria, Map.of("a", 2, "x-b", "y"), false),
                // no criteria
                arguments("all", none, none, true),
                arguments("all-with-x", none, none, true),
                arguments("any", none, Map.of("a", 1), false),
                arguments("any-with-x", none, Map.of("a", 1), false),
                arguments("all", Map.of("x-b", 1), none, true),
                arguments("any", Map.of("x-b", 1), Map.of("x-b", 1), false),
                // types
                arguments("all", Map.of("a", (byte) 5), Map.of("a", 5L), true),
                arguments("all", Map.of("a", (short) 5), Map.of("a", 5), true),
                arguments("all", Map.of("a", 5L), Map.of("a", 6L), false),
                arguments("all", Map.of("a", 1.5f), Map.of("a", 1.5d), true),
                arguments("all", Map.of("a", new BigDecimal("1.5")), Map.of("a", new BigDecimal("1.5")), true),
                arguments("all", Map.of("a", 5), Map.of("a", "5"), false),
                arguments("all", Map.of("a", true), Map.of("a", "true"), false),
                arguments("all", Map.of("a", "x"), Map.of("a", new byte[] {'x'}), true),
                arguments("all", Map.of("a", List.of(1, "x")), Map.of("a", List.of(1, "x")), true));
    }

    @ParameterizedTest(name = "{0} {1} on {2}: {3}")
    @MethodSource("headers")
    @DisplayName("headers: four modes, mixed types, no criteria")
    void headers(@Nullable String mode, Map<String, Object> criteria, Map<String, Object> headers, boolean matching)
            throws IOException {
        assertMatches(mode, criteria, headers, matching);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"all", "any", "all-with-x", "any-with-x"})
    @DisplayName("headers: a void criterion asks for presence")
    void voidCriterion(String mode) throws IOException {
        Map<String, Object> presence = new HashMap<>();
        presence.put("a", null);
        assertMatches(mode, presence, Map.of("a", 7), true);
        assertMatches(mode, presence, Map.of("a", "x"), true);
        assertMatches(mode, presence, presence, true);
        assertMatches(mode, presence, Map.of("b", 7), false);
    }

    private void assertMatches(
            @Nullable String mode, Map<String, Object> criteria, Map<String, Object> headers, boolean matching)
            throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);
        Map<String, Object> arguments = new HashMap<>(criteria);
        if (mode != null) {
            arguments.put("x-match", mode);
        }
        channel.queueBind(queue, exchange, "ignored", arguments);

        channel.basicPublish(
                exchange,
                "key",
                new AMQP.BasicProperties.Builder()
                        .headers(headers.isEmpty() ? null : headers)
                        .build(),
                TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).hasSize(matching ? 1 : 0);
        channel.abort();
    }
}
