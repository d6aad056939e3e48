package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** More: {@code behaviour.MessageTtlTests}, {@code behaviour.QueueExpiryTests}. */
@Tag("behaviour")
@DisplayName("13.15 TTL of messages and queues")
class Line15TtlTests {
    private static final int NEVER = 300_000;
    private static final int SOON = 50;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @ParameterizedTest(name = "queue {0} ms, message {1} ms")
    @CsvSource({"50,", ",50", "50,300000", "300000,50", "0,", ",0", "0,300000", "300000,0"})
    @DisplayName("the smaller of the queue's and the message's, 0 included")
    void smallerWins(Integer ofQueue, Integer ofMessage) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, ofQueue == null ? Map.of() : Map.of("x-message-ttl", ofQueue));

        channel.basicPublish("", queue, ofMessage == null ? null : expiring(ofMessage), TestBroker.bytes("a"));
        broker.awaitThatPass(SOON);

        TestBroker.awaitReady(channel, queue, 0);
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @ParameterizedTest(name = "queue {0} ms, message {1} ms")
    @CsvSource({"0,", ",0", "0,0"})
    @DisplayName("0 is still delivered to a consumer that can take it, and not to one that can't")
    void zeroWithConsumer(Integer ofQueue, Integer ofMessage) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, ofQueue == null ? Map.of() : Map.of("x-message-ttl", ofQueue));
        channel.basicQos(1);
        Deliveries deliveries = Deliveries.of(channel, queue);
        deliveries.tag();
        AMQP.BasicProperties properties = ofMessage == null ? null : expiring(ofMessage);

        channel.basicPublish("", queue, properties, TestBroker.bytes("taken"));
        channel.basicPublish("", queue, properties, TestBroker.bytes("expired"));

        var taken = deliveries.next();
        assertThat(TestBroker.text(taken.getBody())).isEqualTo("taken");
        TestBroker.awaitReady(channel, queue, 0);
        channel.basicAck(taken.getEnvelope().getDeliveryTag(), false);
        channel.basicPublish("", queue, properties, TestBroker.bytes("next"));
        assertThat(deliveries.nextBody()).isEqualTo("next");
    }

    @ParameterizedTest(name = "argument {0} ms, policy {1} ms")
    @CsvSource({",50", "300000,50", "50,300000"})
    @DisplayName("by policy, the smaller of policy and argument")
    void byPolicy(Integer argument, int ofPolicy) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, argument == null ? Map.of() : Map.of("x-message-ttl", argument));
        broker.policyFor(queue, 0, Map.of("message-ttl", ofPolicy));

        await().pollDelay(Duration.ZERO).untilAsserted(() -> {
            TestBroker.publish(channel, queue, "a");
            broker.awaitThatPass(SOON);
            assertThat(channel.messageCount(queue)).isZero();
        });
    }

    @Test
    @DisplayName("expires at the head only: behind a message that lives longer it is counted, then skipped")
    void headOnly() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicPublish("", queue, expiring(NEVER), TestBroker.bytes("long"));
        channel.basicPublish("", queue, expiring(1), TestBroker.bytes("short"));
        broker.awaitThatPass(SOON);

        assertThat(channel.messageCount(queue)).isEqualTo(2);
        assertThat(TestBroker.text(channel.basicGet(queue, true).getBody())).isEqualTo("long");
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    @DisplayName("unacked messages do not expire, requeued ones whose time is over do at once")
    void requeueOfExpired() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-message-ttl", 2_000));
        channel.basicPublish("", queue, expiring(300), TestBroker.bytes("expires"));
        TestBroker.publish(channel, queue, "stays");
        TestBroker.awaitReady(channel, queue, 2);
        long first = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        broker.awaitThatPass(350);
        channel.basicAck(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);

        channel.basicNack(first, false, true);

        assertThat(channel.basicGet(queue, true)).isNull();
    }

    // ---- queues

    @Test
    @DisplayName("a queue that is not used expires")
    void queueExpires() throws IOException {
        Channel channel = broker.channel();
        awaitGone(channel, broker.queue(channel, Map.of("x-expires", SOON)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"passive declare", "declare", "get", "get without a message"})
    @DisplayName("its time begins anew with each")
    void expiryRestarts(String use) throws IOException {
        Channel channel = broker.channel();
        Map<String, Object> arguments = Map.of("x-expires", 600);
        String queue = broker.queue(channel, arguments);
        if (use.equals("get")) {
            TestBroker.publish(channel, queue, "1", "2", "3", "4", "5", "6", "7", "8", "9");
        }

        for (int i = 0; i < 8; i++) {
            broker.awaitThatPass(100);
            switch (use) {
                case "passive declare" -> channel.queueDeclarePassive(queue);
                case "declare" -> channel.queueDeclare(queue, false, false, false, arguments);
                default -> assertThat(channel.basicGet(queue, true) != null).isEqualTo(use.equals("get"));
            }
        }

        awaitGone(channel, queue);
    }

    @Test
    @DisplayName("publishing does not delay it")
    void expiryDoesNotRestartOnPublish() throws IOException {
        Channel channel = broker.channel();
        awaitGone(channel, broker.queue(channel, Map.of("x-expires", 200)));
    }

    /** Publishes to the queue until that is returned, which is no use of the queue. */
    static void awaitGone(Channel channel, String queue) throws IOException {
        boolean[] returned = new boolean[1];
        channel.addReturnListener(message -> returned[0] = true);
        channel.confirmSelect();
        await("queue to be gone").pollDelay(Duration.ZERO).until(() -> {
            channel.basicPublish("", queue, true, null, TestBroker.bytes("a"));
            channel.waitForConfirmsOrDie(60_000);
            return returned[0];
        });
    }

    private static AMQP.BasicProperties expiring(int millis) {
        return new AMQP.BasicProperties.Builder()
                .expiration(Integer.toString(millis))
                .build();
    }
}
