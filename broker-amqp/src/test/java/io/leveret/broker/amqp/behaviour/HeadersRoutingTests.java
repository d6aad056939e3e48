package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class HeadersRoutingTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    static Stream<Arguments> cases() {
        Map<String, Object> two = Map.of("a", 1, "b", "x");
        return Stream.of(
                arguments("default is all", null, two, Map.of("a", 1, "b", "x", "c", 3), true),
                arguments("default is all, one missing", null, two, Map.of("a", 1), false),
                arguments("all, all equal", "all", two, Map.of("a", 1, "b", "x"), true),
                arguments("all, one different", "all", two, Map.of("a", 1, "b", "y"), false),
                arguments("all, none", "all", two, Map.of(), false),
                arguments("any, one equal", "any", two, Map.of("b", "x"), true),
                arguments("any, one equal one different", "any", two, Map.of("a", 2, "b", "x"), true),
                arguments("any, all different", "any", two, Map.of("a", 2, "b", "y"), false),
                arguments("any, none", "any", two, Map.of(), false),
                arguments("all without criteria", "all", Map.of(), Map.of("a", 1), true),
                arguments("all without criteria or headers", "all", Map.of(), Map.of(), true),
                arguments("any without criteria", "any", Map.of(), Map.of("a", 1), false),
                arguments("all ignores x- keys", "all", Map.of("a", 1, "x-b", 2), Map.of("a", 1), true),
                arguments("any ignores x- keys", "any", Map.of("a", 1, "x-b", 2), Map.of("x-b", 2), false),
                arguments("all-with-x, all", "all-with-x", Map.of("a", 1, "x-b", 2), Map.of("a", 1, "x-b", 2), true),
                arguments("all-with-x, x- missing", "all-with-x", Map.of("a", 1, "x-b", 2), Map.of("a", 1), false),
                arguments("any-with-x, x- only", "any-with-x", Map.of("a", 1, "x-b", 2), Map.of("x-b", 2), true),
                arguments("int and long", "all", Map.of("a", 5), Map.of("a", 5L), true),
                arguments("byte and short", "all", Map.of("a", (byte) 5), Map.of("a", (short) 5), true),
                arguments("int and string", "all", Map.of("a", 5), Map.of("a", "5"), false),
                arguments("bool", "all", Map.of("a", true), Map.of("a", true), true),
                arguments("other bool", "all", Map.of("a", true), Map.of("a", false), false),
                arguments("bool and string", "all", Map.of("a", true), Map.of("a", "true"), false),
                arguments("double", "all", Map.of("a", 1.5), Map.of("a", 1.5), true),
                arguments("case", "all", Map.of("a", "x"), Map.of("a", "X"), false),
                arguments("case of key", "all", Map.of("a", "x"), Map.of("A", "x"), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void matches(
            String name,
            @Nullable String match,
            Map<String, Object> criteria,
            Map<String, Object> headers,
            boolean matching)
            throws IOException {
        Channel channel = broker.channel();
        Map<String, Object> arguments = new HashMap<>(criteria);
        if (match != null) {
            arguments.put("x-match", match);
        }
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, "ignored", arguments);

        channel.basicPublish(exchange, "key", headers(headers), TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).hasSize(matching ? 1 : 0);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there integers equal floats of the same value
    void integerIsNotEqualToFloat() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, "", Map.of("a", 5));

        channel.basicPublish(exchange, "", headers(Map.of("a", 5.0)), TestBroker.bytes("float"));
        channel.basicPublish(exchange, "", headers(Map.of("a", 5)), TestBroker.bytes("integer"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("integer");
    }

    @Test
    void voidCriterionTestsPresence() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("a", null);
        channel.queueBind(queue, exchange, "", arguments);

        channel.basicPublish(exchange, "", headers(Map.of("a", "whatever")), TestBroker.bytes("present"));
        channel.basicPublish(exchange, "", headers(Map.of("b", "whatever")), TestBroker.bytes("absent"));
        channel.basicPublish(exchange, "", headers(arguments), TestBroker.bytes("void"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("present", "void");
    }

    @Test
    void messageWithoutHeadersMatchesNoCriterion() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String criterion = broker.queue(channel);
        channel.queueBind(criterion, exchange, "", Map.of("a", 1));
        String none = broker.queueBoundTo(channel, exchange, "");

        channel.basicPublish(exchange, "", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, criterion)).isEmpty();
        assertThat(TestBroker.drain(channel, none)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amq.headers", "amq.match"})
    void bothPredeclaredExchangesRouteByHeaders(String exchange) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, "", Map.of("only-for", queue));

        channel.basicPublish(exchange, "", headers(Map.of("only-for", queue)), TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void queueMatchedBySeveralBindingsGetsOneCopy() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);
        channel.queueBind(queue, exchange, "", Map.of("a", 1));
        channel.queueBind(queue, exchange, "", Map.of("b", 2));

        channel.basicPublish(exchange, "", headers(Map.of("a", 1, "b", 2)), TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void rejectsUnknownMatchValue() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, "", Map.of("x-match", "some")),
                406,
                "PRECONDITION_FAILED - Invalid x-match field value <<\"some\">>; expected all, any, all-with-x, or"
                        + " any-with-x",
                50,
                20);
    }

    @Test
    void rejectsMatchThatIsNotString() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "headers");
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, "", Map.of("x-match", 5)),
                406,
                "PRECONDITION_FAILED - Invalid x-match field type signedint (value 5); expected longstr",
                50,
                20);
    }

    private static AMQP.BasicProperties headers(Map<String, Object> headers) {
        return new AMQP.BasicProperties.Builder().headers(headers).build();
    }
}
