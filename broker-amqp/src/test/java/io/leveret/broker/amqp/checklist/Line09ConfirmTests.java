package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.amqp.behaviour.Confirms;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More: {@code behaviour.PublisherConfirmsTests}, {@code behaviour.MandatoryReturnTests}. */
@Tag("behaviour")
@DisplayName("13.9 Confirms: every publish gets exactly one outcome")
class Line09ConfirmTests {
    private static final int PUBLISHES = 200;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @ParameterizedTest(name = "durable queue {0}, persistent message {1}")
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    @DisplayName("acked when the queue has taken it")
    void taken(boolean durable, boolean persistent) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        channel.queueDeclare(queue, durable, false, false, null);
        Confirms confirms = Confirms.select(channel);

        publish(channel, "", queue, persistent);

        confirms.awaitAcked(PUBLISHES);
        assertThat(channel.messageCount(queue)).isEqualTo(PUBLISHES);
    }

    @Test
    @DisplayName("unroutable: acked")
    void unroutable() throws IOException {
        Channel channel = broker.channel();
        Confirms confirms = Confirms.select(channel);

        publish(channel, "amq.direct", broker.name(), true);

        confirms.awaitAcked(PUBLISHES);
    }

    @Test
    @DisplayName("several queues on several connections: acked once")
    void severalQueues() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        for (int i = 0; i < 4; i++) {
            broker.queueBoundTo(broker.channelOnNewConnection(), exchange, "");
        }
        Confirms confirms = Confirms.select(channel);

        publish(channel, exchange, "", true);

        confirms.awaitAcked(PUBLISHES);
    }

    @Test
    @DisplayName("queue deleted while publishing: acked")
    void queueDeleted() throws IOException {
        Channel channel = broker.channel();
        Channel other = broker.channelOnNewConnection();
        String queue = broker.name();
        other.queueDeclare(queue, true, false, false, null);
        Confirms confirms = Confirms.select(channel);

        publish(channel, "", queue, true);
        other.queueDelete(queue);
        publish(channel, "", queue, true);

        confirms.awaitAcked(2 * PUBLISHES);
    }

    @Test
    @DisplayName("TTL 0 without a consumer: acked and gone")
    void ttlZero() throws IOException {
        Channel channel = broker.channel();
        String byQueue = broker.queue(channel, Map.of("x-message-ttl", 0));
        String byMessage = broker.queue(channel);
        Confirms confirms = Confirms.select(channel);

        publish(channel, "", byQueue, true);
        for (int i = 0; i < PUBLISHES; i++) {
            channel.basicPublish(
                    "",
                    byMessage,
                    new AMQP.BasicProperties.Builder().expiration("0").build(),
                    TestBroker.bytes("a"));
        }

        confirms.awaitAcked(2 * PUBLISHES);
        TestBroker.awaitReady(channel, byQueue, 0);
        TestBroker.awaitReady(channel, byMessage, 0);
    }

    @ParameterizedTest
    @CsvSource({"reject-publish", "reject-publish-dlx"})
    @DisplayName("rejected by a full queue: nacked, even if another queue took it")
    void rejected(String overflow) throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String full = broker.queue(channel, Map.of("x-max-length", 3, "x-overflow", overflow));
        channel.queueBind(full, exchange, "");
        String open = broker.queueBoundTo(broker.channelOnNewConnection(), exchange, "");
        Confirms confirms = Confirms.select(channel);

        for (int i = 0; i < PUBLISHES; i++) {
            channel.basicPublish(exchange, "", null, TestBroker.bytes("a"));
        }

        Map<Long, Boolean> outcomes = confirms.outcomes(PUBLISHES);
        assertThat(outcomes).hasSize(PUBLISHES);
        assertThat(outcomes.entrySet()).allMatch(outcome -> outcome.getValue() == (outcome.getKey() <= 3));
        assertThat(channel.messageCount(full)).isEqualTo(3);
        assertThat(channel.messageCount(open)).isEqualTo(PUBLISHES);
    }

    @Test
    @DisplayName("all of these at once on one channel: exactly one outcome each")
    void mixed() throws IOException {
        Channel channel = broker.channel();
        String plain = broker.queue(channel);
        String full = broker.queue(
                broker.channelOnNewConnection(), Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        String expiring = broker.queue(broker.channelOnNewConnection(), Map.of("x-message-ttl", 0));
        String dropping = broker.queue(channel, Map.of("x-max-length", 1));
        String nobody = broker.name();
        Confirms confirms = Confirms.select(channel);

        for (int i = 0; i < PUBLISHES; i++) {
            for (String queue : List.of(plain, full, expiring, dropping, nobody)) {
                channel.basicPublish("", queue, null, TestBroker.bytes("a"));
            }
        }

        Map<Long, Boolean> outcomes = confirms.outcomes(5 * PUBLISHES);
        assertThat(outcomes).hasSize(5 * PUBLISHES);
        assertThat(outcomes.entrySet())
                .allMatch(outcome -> outcome.getValue() == (outcome.getKey() % 5 != 2 || outcome.getKey() == 2));
    }

    private static void publish(Channel channel, String exchange, String key, boolean persistent) throws IOException {
        for (int i = 0; i < PUBLISHES; i++) {
            channel.basicPublish(
                    exchange,
                    key,
                    persistent ? MessageProperties.PERSISTENT_BASIC : MessageProperties.BASIC,
                    TestBroker.bytes("a"));
        }
    }
}
