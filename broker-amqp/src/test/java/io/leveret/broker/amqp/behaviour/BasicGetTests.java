package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class BasicGetTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void givesTheOldestMessageWithTheNumberLeft() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");

        GetResponse first = channel.basicGet(queue, false);
        GetResponse second = channel.basicGet(queue, false);

        assertThat(first.getBody()).isEqualTo(TestBroker.bytes("a"));
        assertThat(first.getMessageCount()).isEqualTo(2);
        assertThat(first.getEnvelope().getDeliveryTag()).isOne();
        assertThat(first.getEnvelope().isRedeliver()).isFalse();
        assertThat(first.getEnvelope().getExchange()).isEmpty();
        assertThat(first.getEnvelope().getRoutingKey()).isEqualTo(queue);
        assertThat(second.getBody()).isEqualTo(TestBroker.bytes("b"));
        assertThat(second.getMessageCount()).isOne();
        assertThat(second.getEnvelope().getDeliveryTag()).isEqualTo(2);
    }

    @Test
    void answersEmptyWhenNothingIsReady() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThat(channel.basicGet(queue, false)).isNull();
        TestBroker.publish(channel, queue, "a");
        channel.basicGet(queue, false);
        assertThat(channel.basicGet(queue, false)).isNull();
    }

    @Test
    void emptyAnswerTakesNoDeliveryTag() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicGet(queue, false);
        TestBroker.publish(channel, queue, "a");

        assertThat(channel.basicGet(queue, false).getEnvelope().getDeliveryTag())
                .isOne();
    }

    @Test
    void getWithoutAcknowledgementSettlesButTakesTag() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");

        assertThat(channel.basicGet(queue, true).getEnvelope().getDeliveryTag()).isOne();
        assertThat(channel.basicGet(queue, true).getEnvelope().getDeliveryTag()).isEqualTo(2);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).isEmpty();
    }

    @Test
    void messageNotAcknowledgedReturnsWhenTheChannelCloses() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.basicGet(queue, false);

        channel.close();

        GetResponse again = broker.channel().basicGet(queue, true);
        assertThat(again.getBody()).isEqualTo(TestBroker.bytes("a"));
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void takesReadyMessagesOfQueueWithConsumers() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(1);
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a", "b");
        assertThat(deliveries.nextBody()).isEqualTo("a");

        assertThat(TestBroker.text(channel.basicGet(queue, true).getBody())).isEqualTo("b");
    }

    @Test
    void isNotLimitedByPrefetch() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(1);
        TestBroker.publish(channel, queue, "a", "b");

        assertThat(channel.basicGet(queue, false)).isNotNull();
        assertThat(channel.basicGet(queue, false)).isNotNull();
    }

    @Test
    void fromMissingQueueClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.basicGet(queue, true),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                60,
                70);
    }

    @Test
    void keepsPropertiesAndRoutingKey() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.queueBind(queue, "amq.topic", queue + ".*");
        var properties = new AMQP.BasicProperties.Builder().appId("app").build();
        channel.basicPublish("amq.topic", queue + ".x", properties, TestBroker.bytes("a"));

        GetResponse got = channel.basicGet(queue, true);

        assertThat(got.getEnvelope().getExchange()).isEqualTo("amq.topic");
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo(queue + ".x");
        assertThat(got.getProps()).isEqualTo(properties);
    }
}
