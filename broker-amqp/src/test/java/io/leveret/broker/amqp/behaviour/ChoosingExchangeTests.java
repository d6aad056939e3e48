package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Types that give each message to one destination. */
@Tag("behaviour")
class ChoosingExchangeTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    private List<String> bindQueues(Channel channel, String exchange, int count, String key) throws IOException {
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            queues.add(broker.queueBoundTo(channel, exchange, key));
        }
        return queues;
    }

    private static void publish(Channel channel, String exchange, int count, String keyPrefix)
            throws IOException, InterruptedException {
        channel.confirmSelect();
        for (int i = 0; i < count; i++) {
            channel.basicPublish(exchange, keyPrefix + i, null, TestBroker.bytes(keyPrefix + i));
        }
        assertThat(channel.waitForConfirms()).isTrue();
    }

    private static List<List<String>> drainAll(Channel channel, List<String> queues) throws IOException {
        List<List<String>> drained = new ArrayList<>();
        for (String queue : queues) {
            drained.add(TestBroker.drain(channel, queue));
        }
        return drained;
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-random", "x-modulus-hash", "x-consistent-hash"})
    void eachMessageGoesToOneQueueAndEachQueueGetsSome(String type) throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, type);
        List<String> queues = bindQueues(channel, exchange, 3, "10");
        publish(channel, exchange, 300, "key-");

        List<List<String>> drained = drainAll(channel, queues);
        assertThat(drained).allSatisfy(bodies -> assertThat(bodies).hasSizeBetween(40, 160));
        assertThat(drained.stream().flatMap(List::stream).distinct()).hasSize(300);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // came with 4.0
    void localRandomChoosesOneQueue() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "x-local-random");
        List<String> queues = bindQueues(channel, exchange, 3, "");
        publish(channel, exchange, 300, "key-");

        assertThat(drainAll(channel, queues))
                .allSatisfy(bodies -> assertThat(bodies).hasSizeBetween(40, 160));
    }

    @Test
    @Tag("not-rabbitmq-3.10") // came with 4.0
    void localRandomRefusesKeysAndExchanges() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "x-local-random");
        String queue = broker.queue(channel);
        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, "k"),
                406,
                "PRECONDITION_FAILED - Non empty binding 'k' key not permitted",
                50,
                20);
        Channel another = broker.channel();
        assertThatChannelCloses(
                another,
                () -> another.exchangeBind("amq.fanout", exchange, ""),
                406,
                "PRECONDITION_FAILED - Destination not found",
                40,
                30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-modulus-hash", "x-consistent-hash"})
    void hashesChooseTheSameQueueForTheSameKey(String type) throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, type);
        List<String> queues = bindQueues(channel, exchange, 4, "1");
        for (int i = 0; i < 3; i++) {
            publish(channel, exchange, 50, "key-");
        }
        assertThat(drainAll(channel, queues)).allSatisfy(bodies -> {
            for (String body : bodies) {
                assertThat(bodies.stream().filter(body::equals)).hasSize(3);
            }
        });
    }

    @Test
    void consistentHashSpreadsByWeight() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "x-consistent-hash");
        String light = broker.queueBoundTo(channel, exchange, "1");
        String heavy = broker.queueBoundTo(channel, exchange, "9");
        publish(channel, exchange, 1_000, "key-");

        assertThat(TestBroker.drain(channel, light)).hasSizeBetween(50, 160);
        assertThat(TestBroker.drain(channel, heavy)).hasSizeBetween(840, 950);
    }

    @Test
    void consistentHashIgnoresASecondBindingOfAQueue() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "x-consistent-hash");
        String one = broker.queueBoundTo(channel, exchange, "1");
        String two = broker.queueBoundTo(channel, exchange, "1");
        channel.queueBind(one, exchange, "1000");
        publish(channel, exchange, 400, "key-");

        assertThat(TestBroker.drain(channel, one)).hasSizeBetween(130, 270);
        assertThat(TestBroker.drain(channel, two)).hasSizeBetween(130, 270);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hash-header", "correlation_id", "message_id", "timestamp"})
    void consistentHashLooksAtAHeaderOrAProperty(String what) throws IOException, InterruptedException {
        Channel channel = broker.channel();
        boolean header = what.equals("hash-header");
        Map<String, Object> arguments = header ? Map.of("hash-header", "who") : Map.of("hash-property", what);
        String exchange = broker.exchange(channel, "x-consistent-hash", arguments);
        List<String> queues = bindQueues(channel, exchange, 3, "1");
        channel.confirmSelect();
        for (int i = 0; i < 120; i++) {
            int value = i % 40;
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .headers(Map.of("who", "u" + value))
                    .correlationId("c" + value)
                    .messageId("m" + value)
                    .timestamp(new Date(value * 1_000L))
                    .build();
            channel.basicPublish(exchange, "key-" + i, properties, TestBroker.bytes("v" + value));
        }
        assertThat(channel.waitForConfirms()).isTrue();

        List<List<String>> drained = drainAll(channel, queues);
        assertThat(drained).allSatisfy(bodies -> {
            assertThat(bodies).isNotEmpty();
            for (String body : bodies) {
                assertThat(bodies.stream().filter(body::equals)).hasSize(3);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3"})
    void consistentHashRefusesAWeightBelowOne(String weight) throws IOException {
        assertThatWeightIsRefused(weight, "The binding key must be greater than 0");
    }

    @Test
    void consistentHashRefusesAWeightThatIsNoNumber() throws IOException {
        assertThatWeightIsRefused("heavy", "The binding key must be an integer: <<\"heavy\">>");
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there it has no bound
    void consistentHashRefusesAWeightAboveTheBound() throws IOException {
        assertThatWeightIsRefused("10001", "The binding key must not exceed 10000");
    }

    private void assertThatWeightIsRefused(String weight, String text) throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "x-consistent-hash");
        String queue = broker.queue(channel);
        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(queue, exchange, weight),
                406,
                "PRECONDITION_FAILED - " + text,
                50,
                20);
    }

    @Test
    void consistentHashRefusesArgumentsThatDoNotFit() throws IOException {
        assertThatArgumentsAreRefused(
                Map.of("hash-header", "h", "hash-property", "message_id"),
                "hash-header and hash-property are mutually exclusive");
        assertThatArgumentsAreRefused(Map.of("hash-property", "app_id"), "Unsupported property: app_id");
    }

    private void assertThatArgumentsAreRefused(Map<String, Object> arguments, String text) throws IOException {
        Channel channel = broker.channel();
        assertThatChannelCloses(
                channel,
                () -> broker.exchange(channel, "x-consistent-hash", arguments),
                406,
                "PRECONDITION_FAILED - " + text,
                40,
                10);
    }
}
