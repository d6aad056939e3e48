package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.AMQConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the consumers of a queue learn when the queue goes. */
@Tag("behaviour")
class ConsumerCancelTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void everyConsumerIsNotifiedOfTheDeletion() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries own = Deliveries.of(channel, queue);
        Deliveries siblings = Deliveries.of(broker.channel(), queue);
        Deliveries others = Deliveries.of(broker.channelOnNewConnection(), queue);

        channel.queueDelete(queue);

        assertThat(own.cancelled()).succeedsWithin(PATIENCE).isEqualTo(own.tag());
        assertThat(siblings.cancelled()).succeedsWithin(PATIENCE).isEqualTo(siblings.tag());
        assertThat(others.cancelled()).succeedsWithin(PATIENCE).isEqualTo(others.tag());
    }

    @Test
    void consumerOfExclusiveQueueOnTheSameConnectionIsNotified() throws IOException {
        Channel channel = broker.channel();
        String queue =
                channel.queueDeclare(broker.name(), false, true, false, null).getQueue();
        Deliveries deliveries = Deliveries.of(broker.channel(), queue);

        channel.queueDelete(queue);

        assertThat(deliveries.cancelled()).succeedsWithin(PATIENCE);
    }

    @Test
    void clientsOwnCancelIsNotNotified() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);

        channel.basicCancel(deliveries.tag());
        channel.queueDelete(queue);
        channel.basicQos(1);

        assertThat(deliveries.cancelled()).isNotDone();
    }

    @Test
    void channelWorksOnAfterTheNotification() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = new Deliveries(channel);
        channel.basicConsume(queue, true, "tag", deliveries);
        channel.queueDelete(queue);
        assertThat(deliveries.cancelled()).succeedsWithin(PATIENCE);

        channel.queueDeclare(queue, false, false, false, null);
        Deliveries again = new Deliveries(channel);
        channel.basicConsume(queue, true, "tag", again);
        TestBroker.publish(channel, queue, "a");

        assertThat(again.nextBody()).isEqualTo("a");
    }

    @Test
    void clientWithoutTheCapabilityIsNotNotified() throws IOException {
        Connection plain = broker.connect(ConsumerCancelTests::withoutCapability);
        Channel consuming = plain.createChannel();
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries silent = new Deliveries(consuming);
        consuming.basicConsume(queue, false, "tag", silent);
        Deliveries notified = Deliveries.of(channel, queue);

        channel.queueDelete(queue);

        assertThat(notified.cancelled()).succeedsWithin(PATIENCE);
        consuming.basicQos(1);
        silent.assertNoMore();
        assertThat(silent.cancelled()).isNotDone();
        assertThat(consuming.isOpen()).isTrue();
    }

    @Test
    void unackedDeliveriesMayBeAckedAfterTheNotification() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a");
        long tag = deliveries.nextTag();

        broker.channel().queueDelete(queue);
        assertThat(deliveries.cancelled()).succeedsWithin(PATIENCE);
        channel.basicAck(tag, false);
        channel.basicQos(1);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void consumerIsNotifiedWhenAnAutoDeleteQueueIsDeletedByHand() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        channel.queueDeclare(queue, false, false, true, null);
        Deliveries deliveries = Deliveries.of(broker.channelOnNewConnection(), queue);
        deliveries.tag();

        channel.queueDelete(queue);

        assertThat(deliveries.cancelled()).succeedsWithin(PATIENCE).isEqualTo(deliveries.tag());
    }

    @Test
    void cancelOfTheLastConsumerOfAnAutoDeleteQueueIsNotNotified() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        channel.queueDeclare(queue, false, false, true, null);
        Deliveries deliveries = Deliveries.of(channel, queue);

        channel.basicCancel(deliveries.tag());
        channel.basicQos(1);

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
        assertThat(deliveries.cancelled()).isNotDone();
    }

    @Test
    void nothingIsSentToAClientThatCancelledItsNotifiedConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);
        String tag = deliveries.tag();
        broker.channel().queueDelete(queue);
        assertThat(deliveries.cancelled()).succeedsWithin(PATIENCE);

        channel.queueDeclare(queue, false, false, false, null);
        Deliveries again = Deliveries.of(channel, queue);

        assertThat(again.tag()).isNotEqualTo(tag);
        TestBroker.publish(channel, queue, "a");
        assertThat(again.nextBody()).isEqualTo("a");
        deliveries.assertNoMore();
    }

    @Test
    void directReplyConsumerOutlivesEveryQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries replies = Deliveries.noAck(channel, "amq.rabbitmq.reply-to");
        Deliveries deliveries = Deliveries.of(channel, queue);

        channel.queueDelete(queue);

        assertThat(deliveries.cancelled()).succeedsWithin(PATIENCE);
        assertThat(replies.cancelled()).isNotDone();
    }

    private static void withoutCapability(ConnectionFactory factory) {
        Map<String, Object> properties = AMQConnection.defaultClientProperties();
        Map<String, Object> capabilities = new HashMap<>();
        ((Map<?, ?>) properties.get("capabilities")).forEach((key, value) -> capabilities.put((String) key, value));
        capabilities.remove("consumer_cancel_notify");
        properties.put("capabilities", capabilities);
        factory.setClientProperties(properties);
    }
}
