package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More: {@code behaviour.ConsumerCancelTests}, {@code behaviour.QueueExpiryTests}. */
@Tag("behaviour")
@DisplayName("13.14 Consumer cancel notification, with and without the capability")
class Line14CancelNotificationTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    enum Deleter {
        ITSELF,
        SIBLING_CHANNEL,
        ANOTHER_CONNECTION;

        Channel channel(TestBroker broker, Channel consumer) throws IOException {
            return switch (this) {
                case ITSELF -> consumer;
                case SIBLING_CHANNEL -> consumer.getConnection().createChannel();
                case ANOTHER_CONNECTION -> broker.channelOnNewConnection();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("with it every consumer is told of the deletion, and the channel goes on; deleted by")
    void withCapability(Deleter deleter) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries first = Deliveries.of(channel, queue);
        Deliveries second = Deliveries.of(channel, queue);
        String tag = first.tag();
        second.tag();

        deleter.channel(broker, channel).queueDelete(queue);

        assertThat(first.cancelled()).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(tag);
        assertThat(second.cancelled()).succeedsWithin(Duration.ofSeconds(60));
        assertServes(channel);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("without it the consumer vanishes silently, its tag is free; deleted by")
    void withoutCapability(Deleter deleter) throws IOException {
        Connection connection = broker.connect(factory -> {
            Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
            properties.put("capabilities", Map.of("consumer_cancel_notify", false));
            factory.setClientProperties(properties);
        });
        Channel channel = connection.createChannel();
        String queue = broker.queue(channel);
        Deliveries deliveries = new Deliveries(channel);
        channel.basicConsume(queue, false, "tag", deliveries);

        deleter.channel(broker, channel).queueDelete(queue);

        assertServes(channel);
        // RabbitMQ's channel may hear of the deletion a little after the one who asked for it.
        await().pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(deliveries.cancelled()).isNotDone());
        channel.basicCancel("tag");
        channel.basicConsume(broker.queue(channel), false, "tag", new Deliveries(channel));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    @DisplayName("a queue that expires has no consumer to tell: it stays while there is one")
    void expiry() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-expires", 100));
        Deliveries deliveries = Deliveries.of(channel, queue);
        String tag = deliveries.tag();

        broker.awaitThatPass(250);
        assertThat(deliveries.cancelled()).isNotDone();
        TestBroker.publish(channel, queue, "still there");
        assertThat(deliveries.nextBody()).isEqualTo("still there");

        channel.basicCancel(tag);
        Line15TtlTests.awaitGone(channel, queue);
        assertThat(deliveries.cancelled()).isNotDone();
        assertServes(channel);
    }

    private void assertServes(Channel channel) throws IOException {
        String another = broker.queue(channel);
        TestBroker.publish(channel, another, "a");
        assertThat(Deliveries.noAck(channel, another).nextBody()).isEqualTo("a");
    }
}
