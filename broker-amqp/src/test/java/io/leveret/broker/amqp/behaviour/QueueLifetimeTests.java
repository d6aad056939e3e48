package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When auto-delete queues go, and what does not make them go. */
@Tag("behaviour")
class QueueLifetimeTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void autoDeleteQueueIsGoneWhenItsLastConsumerWasCancelled() throws IOException {
        Channel channel = broker.channel();
        String queue = autoDeleteQueue(channel);
        String tag = channel.basicConsume(queue, new Deliveries(channel));

        channel.basicCancel(tag);

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void autoDeleteQueueIsGoneWhenItsLastConsumersChannelWasClosed() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = autoDeleteQueue(channel);
        channel.basicConsume(queue, new Deliveries(channel));

        channel.close();

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void autoDeleteQueueIsGoneWhenItsLastConsumersConnectionWasClosed() throws IOException {
        Connection closing = broker.connect();
        Channel channel = closing.createChannel();
        String queue = autoDeleteQueue(channel);
        channel.basicConsume(queue, new Deliveries(channel));

        closing.close();

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void autoDeleteQueueIsGoneSoonAfterItsLastConsumersSocketWasLost() throws IOException {
        Connection lost = broker.connect();
        Channel channel = lost.createChannel();
        String queue = autoDeleteQueue(channel);
        channel.basicConsume(queue, new Deliveries(channel));

        broker.drop(lost);

        await().until(() -> !TestBroker.queueExists(broker.connection(), queue));
    }

    @Test
    void autoDeleteQueueIsGoneWhenChannelErrorTookItsLastConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = autoDeleteQueue(channel);
        channel.basicConsume(queue, new Deliveries(channel));

        channel.basicAck(99, false);

        await().until(() -> !TestBroker.queueExists(broker.connection(), queue));
    }

    @Test
    void autoDeleteQueueStaysWhileItHasAnotherConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = autoDeleteQueue(channel);
        String first = channel.basicConsume(queue, new Deliveries(channel));
        String second = channel.basicConsume(queue, new Deliveries(channel));

        channel.basicCancel(first);
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isTrue();
        channel.basicCancel(second);
        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
    }

    @Test
    void autoDeleteQueueNeverConsumedFromOutlivesItsConnection() throws IOException {
        Connection closing = broker.connect();
        String queue = autoDeleteQueue(closing.createChannel());

        closing.close();

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isTrue();
    }

    @Test
    void basicGetDoesNotCountAsConsumer() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = autoDeleteQueue(channel);
        TestBroker.publish(channel, queue, "a");

        channel.basicGet(queue, true);
        channel.close();

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isTrue();
    }

    @Test
    void autoDeleteQueueTakesItsMessagesWithIt() throws IOException {
        Channel channel = broker.channel();
        String queue = autoDeleteQueue(channel);
        channel.basicQos(1);
        Deliveries deliveries = new Deliveries(channel);
        String tag = channel.basicConsume(queue, deliveries);
        TestBroker.publish(channel, queue, "a", "b", "c");
        deliveries.next();

        channel.basicCancel(tag);

        assertThat(channel.queueDeclare(queue, false, false, false, null).getMessageCount())
                .isZero();
    }

    @Test
    void ordinaryQueueSurvivesItsConsumersAndItsConnection() throws IOException {
        Connection closing = broker.connect();
        Channel channel = closing.createChannel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.basicCancel(channel.basicConsume(queue, true, new Deliveries(channel)));

        closing.close();

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isTrue();
    }

    private String autoDeleteQueue(Channel channel) throws IOException {
        return channel.queueDeclare(broker.name(), false, false, true, null).getQueue();
    }
}
