package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.Confirms;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** More: {@code behaviour.LengthLimitTests}, {@code behaviour.PriorityQueueTests}. */
@Tag("behaviour")
@DisplayName("13.17 Length limits")
class Line17LengthLimitTests {
    private static final String DROP_HEAD = "drop-head";
    private static final String REJECT = "reject-publish";
    private static final String REJECT_DLX = "reject-publish-dlx";

    /** Every body has this many bytes. */
    private static final int BODY = 10;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    static Stream<Arguments> matrix() {
        return Stream.of(DROP_HEAD, REJECT, REJECT_DLX)
                .flatMap(overflow -> Stream.of("count", "bytes", "both")
                        .flatMap(what -> Stream.of(0, 1, 3)
                                .flatMap(limit -> Stream.of(true, false)
                                        .map(confirm -> arguments(overflow, what, limit, confirm)))));
    }

    @ParameterizedTest(name = "{0}, {1}, limit {2}, confirms {3}")
    @MethodSource("matrix")
    @DisplayName("mode x count or bytes x limit x confirms: what stays, what is dead-lettered, each outcome")
    void limits(String overflow, String what, int limit, boolean confirm) throws IOException {
        Channel channel = broker.channel();
        String dead = broker.queue(channel);
        String queue = limited(channel, overflow, what, limit, dead);
        Confirms confirms = confirm ? Confirms.select(channel) : null;

        publish(channel, queue, 5);

        List<String> all = bodies(0, 5);
        List<String> first = bodies(0, limit);
        List<String> rest = bodies(limit, 5);
        boolean drop = overflow.equals(DROP_HEAD);
        assertOutcomes(confirms, drop ? 5 : limit);
        List<String> dropped = drop ? all.subList(0, 5 - limit) : overflow.equals(REJECT_DLX) ? rest : List.of();
        TestBroker.awaitReady(channel, dead, dropped.size());
        assertThat(TestBroker.drain(channel, queue)).isEqualTo(drop ? all.subList(5 - limit, 5) : first);
        assertThat(TestBroker.drain(channel, dead)).isEqualTo(dropped);
    }

    private static void assertOutcomes(@Nullable Confirms confirms, int acked) {
        if (confirms != null) {
            Map<Long, Boolean> outcomes = confirms.outcomes(5);
            assertThat(outcomes.values())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 5).mapToObj(i -> i < acked).toList());
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "drop-head,count",
        "drop-head,bytes",
        "reject-publish,count",
        "reject-publish,bytes",
        "reject-publish-dlx,count",
        "reject-publish-dlx,bytes"
    })
    @DisplayName("limit 0 with a waiting consumer: drop-head delivers, reject rejects")
    void zeroWithConsumer(String overflow, String what) throws IOException {
        Channel channel = broker.channel();
        String queue = limited(channel, overflow, what, 0, broker.queue(channel));
        Deliveries deliveries = Deliveries.noAck(channel, queue);
        deliveries.tag();
        Channel publisher = broker.channel();
        Confirms confirms = Confirms.select(publisher);

        publish(publisher, queue, 3);

        boolean drop = overflow.equals(DROP_HEAD);
        assertThat(confirms.outcomes(3).values()).containsOnly(drop);
        if (drop) {
            assertThat(deliveries.nextBodies(3)).isEqualTo(bodies(0, 3));
        } else {
            deliveries.assertNoMore();
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"drop-head,count", "drop-head,bytes", "reject-publish,count", "reject-publish,bytes"})
    @DisplayName("unacked messages do not count; requeued above the limit, drop-head drops from the head again")
    void requeueOverLimit(String overflow, String what) throws IOException {
        Channel channel = broker.channel();
        String dead = broker.queue(channel);
        String queue = limited(channel, overflow, what, 2, dead);
        Confirms confirms = Confirms.select(channel);
        publish(channel, queue, 2);
        confirms.awaitAcked(2);
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);
        for (String body : bodies(2, 4)) {
            channel.basicPublish("", queue, null, TestBroker.bytes(body));
        }
        confirms.awaitAcked(4);

        channel.basicNack(2, true, true);

        boolean drop = overflow.equals(DROP_HEAD);
        TestBroker.awaitReady(channel, queue, drop ? 2 : 4);
        TestBroker.awaitReady(channel, dead, drop ? 2 : 0);
        assertThat(TestBroker.drain(channel, queue)).isEqualTo(drop ? bodies(2, 4) : bodies(0, 4));
        assertThat(TestBroker.drain(channel, dead)).isEqualTo(drop ? bodies(0, 2) : List.of());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "drop-head,count",
        "drop-head,bytes",
        "reject-publish,count",
        "reject-publish,bytes",
        "reject-publish-dlx,count",
        "reject-publish-dlx,bytes"
    })
    @DisplayName("priority queue: drop-head drops the highest priority first, oldest within it")
    void priorities(String overflow, String what) throws IOException {
        Channel channel = broker.channel();
        String dead = broker.queue(channel);
        Map<String, Object> arguments = argumentsOf(overflow, what, 3, dead);
        arguments.put("x-max-priority", 5);
        String queue = broker.queue(channel, arguments);
        Confirms confirms = Confirms.select(channel);

        for (int priority : List.of(1, 2, 2, 1, 3)) {
            channel.basicPublish(
                    "",
                    queue,
                    new AMQP.BasicProperties.Builder().priority(priority).build(),
                    TestBroker.bytes(priority + "-" + "x".repeat(BODY - 2)));
        }
        confirms.outcomes(5);

        // 1 2 2 are there; the fourth makes it 2 2 1 1, which loses its first, the fifth 3 2 1 1, which loses the 3.
        boolean drop = overflow.equals(DROP_HEAD);
        assertThat(priorities(TestBroker.drain(channel, queue))).isEqualTo(drop ? "211" : "221");
        TestBroker.awaitReady(channel, dead, overflow.equals(REJECT) ? 0 : 2);
        assertThat(priorities(TestBroker.drain(channel, dead)))
                .isEqualTo(drop ? "23" : overflow.equals(REJECT) ? "" : "13");
    }

    @Test
    @DisplayName("both limits: the one reached first decides; a single message above the byte limit is dropped")
    void bothLimits() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 3, "x-max-length-bytes", 20));

        publish(channel, queue, 3);
        assertThat(TestBroker.drain(channel, queue)).isEqualTo(bodies(1, 3));
        TestBroker.publish(channel, queue, "1", "2", "3", "4");
        assertThat(TestBroker.drain(channel, queue)).containsExactly("2", "3", "4");
        TestBroker.publish(channel, queue, "x".repeat(21));
        assertThat(TestBroker.drain(channel, queue)).isEmpty();
    }

    @Test
    @DisplayName("a full queue takes messages again once there is room")
    void roomAgain() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 1, "x-overflow", REJECT));
        Confirms confirms = Confirms.select(channel);
        publish(channel, queue, 2);
        confirms.outcomes(2);
        channel.basicGet(queue, true);
        publish(channel, queue, 1);

        await().pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(confirms.outcomes(3).values()).containsExactly(true, false, true));
    }

    private String limited(Channel channel, String overflow, String what, int limit, String dead) throws IOException {
        return broker.queue(channel, argumentsOf(overflow, what, limit, dead));
    }

    private static Map<String, Object> argumentsOf(String overflow, String what, int limit, String dead) {
        Map<String, Object> arguments = new HashMap<>(
                Map.of("x-overflow", overflow, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
        if (!what.equals("bytes")) {
            arguments.put("x-max-length", limit);
        }
        if (!what.equals("count")) {
            arguments.put("x-max-length-bytes", limit * BODY);
        }
        return arguments;
    }

    private static void publish(Channel channel, String queue, int count) throws IOException {
        for (String body : bodies(0, count)) {
            channel.basicPublish("", queue, null, TestBroker.bytes(body));
        }
    }

    private static List<String> bodies(int from, int to) {
        List<String> bodies = new ArrayList<>();
        for (int i = from; i < to; i++) {
            bodies.add(i + "x".repeat(BODY - 1));
        }
        return bodies;
    }

    /** The first character of each. */
    private static String priorities(List<String> bodies) {
        StringBuilder priorities = new StringBuilder();
        bodies.forEach(body -> priorities.append(body.charAt(0)));
        return priorities.toString();
    }
}
