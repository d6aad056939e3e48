package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a policy does is seen in what the queue or exchange does. */
@Tag("behaviour")
@DisplayName("13.18 Policies")
class Line18PolicyTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    private final List<String> policies = new ArrayList<>();
    private final List<String> operatorPolicies = new ArrayList<>();

    @AfterEach
    void clear() throws IOException {
        for (String policy : policies) {
            operator().clearPolicy(policy);
        }
        for (String policy : operatorPolicies) {
            operator().clearOperatorPolicy(policy);
        }
    }

    @Test
    @DisplayName("the highest priority wins and nothing of the others is taken; the pattern may match anywhere")
    void highestPriorityWins() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        put(queue + "-low", queue.substring(2), 1, Map.of("max-length", 1, "overflow", "reject-publish"));
        put(queue + "-high", queue.substring(3, queue.length() - 1), 10, Map.of("max-length", 2));
        put(queue + "-other", "^" + queue.substring(1), 99, Map.of("max-length", 0));

        awaitKept(channel, queue, "2", "3");
        clear(queue + "-high");
        awaitKept(channel, queue, "1");
    }

    @Test
    @DisplayName("a policy with a key the queue does not know is skipped as a whole")
    void unsupportedKeySkips() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        put(queue + "-unsupported", queue, 10, Map.of("max-length", 1, "delivery-limit", 5));
        put(queue + "-supported", queue, 1, Map.of("max-length", 2));

        awaitKept(channel, queue, "2", "3");
    }

    // ---- who wins

    static Stream<Arguments> merges() {
        // operator policy, policy, what is kept of 1, 2, 3
        return Stream.of(
                arguments(Map.of("max-length", 1), null, List.of("3")),
                arguments(Map.of("max-length", 1), Map.of("max-length", 2), List.of("3")),
                arguments(Map.of("max-length", 2), Map.of("max-length", 1), List.of("3")),
                arguments(Map.of("max-length-bytes", 2), Map.of("max-length-bytes", 1), List.of("3")),
                arguments(Map.of("max-length", 2), Map.of("max-length-bytes", 1), List.of("3")),
                arguments(Map.of("max-length", 1), Map.of("overflow", "reject-publish"), List.of("1")),
                arguments(Map.of("message-ttl", 0), Map.of("message-ttl", 300_000), List.of()),
                arguments(Map.of("message-ttl", 300_000), Map.of("message-ttl", 0), List.of()));
    }

    @ParameterizedTest(name = "operator {0}, user {1}: {2}")
    @MethodSource("merges")
    @DisplayName("operator policy and policy are merged key by key")
    void operatorMerge(Map<String, Object> ofOperator, @Nullable Map<String, Object> ofUser, List<String> kept)
            throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        putOperator(queue, ofOperator);
        if (ofUser != null) {
            put(queue, queue, 0, ofUser);
        }

        awaitKept(channel, queue, kept.toArray(String[]::new));
    }

    @Test
    @Tag("not-rabbitmq-3.10") // the operator could not set it
    @DisplayName("the operator's overflow beats the user's")
    void operatorsOverflow() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        putOperator(queue, Map.of("max-length", 1, "overflow", "reject-publish"));
        put(queue, queue, 0, Map.of("overflow", "drop-head"));

        awaitKept(channel, queue, "1");
    }

    static Stream<Arguments> winners() {
        // argument, policy, what is kept of 1, 2, 3
        return Stream.of(
                arguments(Map.of("x-max-length", 1), Map.of("max-length", 2), List.of("3")),
                arguments(Map.of("x-max-length", 2), Map.of("max-length", 1), List.of("3")),
                arguments(Map.of("x-max-length-bytes", 1), Map.of("max-length-bytes", 2), List.of("3")),
                arguments(Map.of("x-max-length-bytes", 2), Map.of("max-length-bytes", 1), List.of("3")),
                arguments(Map.of("x-message-ttl", 0), Map.of("message-ttl", 300_000), List.of()),
                arguments(Map.of("x-message-ttl", 300_000), Map.of("message-ttl", 0), List.of()),
                arguments(
                        Map.of("x-max-length", 1, "x-overflow", "reject-publish"),
                        Map.of("overflow", "drop-head"),
                        List.of("1")),
                arguments(
                        Map.of("x-max-length", 1, "x-overflow", "drop-head"),
                        Map.of("overflow", "reject-publish"),
                        List.of("3")));
    }

    @ParameterizedTest(name = "argument {0}, policy {1}: {2}")
    @MethodSource("winners")
    @DisplayName("argument against policy: the smaller number, the argument's overflow")
    void argumentAgainstPolicy(Map<String, Object> argument, Map<String, Object> policy, List<String> kept)
            throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, argument);
        put(queue, queue, 0, policy);

        awaitKept(channel, queue, kept.toArray(String[]::new));
    }

    @Test
    @DisplayName("argument against policy: the argument's dead letter exchange and key")
    void deadLettering() throws IOException {
        Channel channel = broker.channel();
        String byArgument = broker.queue(channel);
        String byPolicy = broker.queue(channel);
        String withArgument =
                broker.queue(channel, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", byArgument));
        String without = broker.queue(channel);
        for (String queue : List.of(withArgument, without)) {
            put(queue, "^" + queue + "$", 0, Map.of("dead-letter-exchange", "", "dead-letter-routing-key", byPolicy));
        }

        await().pollDelay(Duration.ZERO).untilAsserted(() -> {
            for (String queue : List.of(withArgument, without)) {
                TestBroker.publish(channel, queue, queue);
                TestBroker.awaitReady(channel, queue, 1);
                channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
            }
            await().atMost(Duration.ofMillis(500)).pollDelay(Duration.ZERO).untilAsserted(() -> {
                assertThat(TestBroker.drain(channel, byArgument)).contains(withArgument);
                assertThat(TestBroker.drain(channel, byPolicy))
                        .contains(without)
                        .doesNotContain(withArgument);
            });
        });
    }

    @Test
    @DisplayName("argument against policy: the smaller expiry")
    void expiry() throws IOException {
        Channel channel = broker.channel();
        String byPolicy = broker.queue(channel, Map.of("x-expires", 300_000));
        put(byPolicy, "^" + byPolicy + "$", 0, Map.of("expires", 100));
        Line15TtlTests.awaitGone(channel, byPolicy);

        String byArgument = broker.name();
        put(byArgument, "^" + byArgument + "$", 0, Map.of("expires", 300_000));
        channel.queueDeclare(byArgument, false, false, false, Map.of("x-expires", 100));
        Line15TtlTests.awaitGone(broker.channel(), byArgument);
    }

    @Test
    @DisplayName("argument against policy: the argument's alternate exchange")
    void alternateExchange() throws IOException {
        Channel channel = broker.channel();
        String byArgument = broker.exchange(channel, "fanout");
        String byPolicy = broker.exchange(channel, "fanout");
        String queueByArgument = broker.queueBoundTo(channel, byArgument, "");
        String queueByPolicy = broker.queueBoundTo(channel, byPolicy, "");
        String with = broker.exchange(channel, "direct", Map.of("alternate-exchange", byArgument));
        String without = broker.exchange(channel, "direct");
        put(with, "^" + with + "$", 0, Map.of("alternate-exchange", byPolicy));
        put(without, "^" + without + "$", 0, Map.of("alternate-exchange", byPolicy));

        channel.basicPublish(with, "key", null, TestBroker.bytes("argument"));
        channel.basicPublish(without, "key", null, TestBroker.bytes("policy"));
        assertThat(TestBroker.drain(channel, queueByArgument)).containsExactly("argument");
        assertThat(TestBroker.drain(channel, queueByPolicy)).containsExactly("policy");

        clear(without);
        channel.basicPublish(without, "key", null, TestBroker.bytes("lost"));
        assertThat(TestBroker.drain(channel, queueByPolicy)).isEmpty();
    }

    // ---- living queues

    @Test
    @DisplayName("setting, changing and clearing reach living queues at once, and queues declared later")
    void liveUpdateAndRemoval() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "1", "2", "3", "4", "5");
        TestBroker.awaitReady(channel, queue, 5);

        put(queue, queue, 0, Map.of("max-length", 3));
        TestBroker.awaitReady(channel, queue, 3);
        put(queue, queue, 0, Map.of("max-length", 1));
        TestBroker.awaitReady(channel, queue, 1);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("5");

        clear(queue);
        awaitKept(channel, queue, "1", "2", "3");

        String later = broker.name();
        put(later, later, 0, Map.of("max-length", 1));
        channel.queueDeclare(later, false, false, false, null);
        awaitKept(channel, later, "3");
    }

    @Test
    @DisplayName("a policy changes nothing about redeclaring")
    void redeclare() throws IOException {
        Channel channel = broker.channel();
        Map<String, Object> arguments = new HashMap<>(Map.of("x-max-length", 5));
        String queue = broker.queue(channel, arguments);
        put(queue, queue, 0, Map.of("max-length", 1));

        channel.queueDeclare(queue, false, false, false, arguments);

        assertThat(channel.isOpen()).isTrue();
    }

    // ----

    /** Publishes 1, 2 and 3 until only these are kept: RabbitMQ tells queues of policies a little later. */
    private static void awaitKept(Channel channel, String queue, String... kept) {
        await("what is kept").pollDelay(Duration.ZERO).untilAsserted(() -> {
            channel.queuePurge(queue);
            TestBroker.publish(channel, queue, "1", "2", "3");
            assertThat(TestBroker.drain(channel, queue)).containsExactly(kept);
        });
    }

    private void put(String name, String pattern, int priority, Map<String, Object> definition) throws IOException {
        operator().putPolicy(name, pattern, priority, definition);
        if (!policies.contains(name)) {
            policies.add(name);
        }
    }

    private void putOperator(String queue, Map<String, Object> definition) throws IOException {
        operator().putOperatorPolicy(queue, queue, definition);
        operatorPolicies.add(queue);
    }

    private void clear(String name) throws IOException {
        operator().clearPolicy(name);
        policies.remove(name);
    }

    private Operator operator() {
        return Operator.of(broker.accounts());
    }
}
