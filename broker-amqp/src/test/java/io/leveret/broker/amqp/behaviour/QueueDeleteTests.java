package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class QueueDeleteTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void deletesAndAnswersWithTheNumberOfReadyMessages() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");
        channel.basicGet(queue, false);

        assertThat(channel.queueDelete(queue).getMessageCount()).isEqualTo(2);
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void deletingMissingQueueSucceedsWithZero() throws IOException {
        Channel channel = broker.channel();

        assertThat(channel.queueDelete(broker.name()).getMessageCount()).isZero();
        assertThat(channel.queueDelete(broker.name(), true, true).getMessageCount())
                .isZero();
    }

    @Test
    void ifEmptyRejectsQueueWithReadyMessages() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");

        assertThatChannelCloses(
                channel,
                () -> channel.queueDelete(queue, false, true),
                406,
                "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' not empty",
                50,
                40);
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isTrue();
    }

    @Test
    void ifEmptyDoesNotCountUnackedMessages() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.basicGet(queue, false);

        assertThat(channel.queueDelete(queue, false, true).getMessageCount()).isZero();
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void ifUnusedRejectsQueueWithConsumers() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries.of(broker.channel(), queue);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDelete(queue, true, false),
                406,
                "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' in use",
                50,
                40);
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isTrue();
    }

    @Test
    void ifUnusedDeletesQueueWithoutConsumers() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");

        assertThat(channel.queueDelete(queue, true, false).getMessageCount()).isOne();
    }

    @Test
    void testsEmptinessBeforeUse() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");
        Channel consuming = broker.channel();
        consuming.basicQos(1);
        Deliveries.of(consuming, queue).next();

        assertThatChannelCloses(
                channel,
                () -> channel.queueDelete(queue, true, true),
                406,
                "PRECONDITION_FAILED - queue '" + queue + "' in vhost '/' not empty",
                50,
                40);
    }

    @Test
    void acceptsAcknowledgementOfDeletedQueuesDelivery() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");
        long first = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        long second = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        long third = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
        channel.queueDelete(queue);

        channel.basicAck(first, false);
        channel.basicReject(second, true);
        channel.basicNack(third, false, false);
        channel.basicQos(1);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void removesBindings() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queueBoundTo(channel, exchange, "key");
        channel.queueDelete(queue);

        channel.queueDeclare(queue, false, false, false, null);
        channel.basicPublish(exchange, "key", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).isEmpty();
        channel.exchangeDelete(exchange, true);
    }

    @Test
    void deletedNameCanBeDeclaredAgainWithOtherProperties() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.queueDelete(queue);

        assertThat(channel.queueDeclare(queue, true, false, true, null).getMessageCount())
                .isZero();
    }
}
