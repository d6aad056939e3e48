package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever way a message comes back, it takes its old place in the queue and is marked as redelivered. */
@Tag("behaviour")
class RequeueOrderTests {
    private static final String[] ALL = {"a", "b", "c", "d", "e"};

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void afterNackOfSingleMessages() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 4);

        channel.basicNack(3, false, true);
        channel.basicNack(1, false, true);
        channel.basicNack(4, false, true);
        channel.basicNack(2, false, true);

        assertEverythingInOrder(channel, queue, 4);
    }

    @Test
    void afterNackMultiple() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 4);

        channel.basicNack(3, true, true);
        channel.basicNack(4, false, true);

        assertEverythingInOrder(channel, queue, 4);
    }

    @Test
    void afterReject() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 3);

        channel.basicReject(2, true);
        channel.basicReject(3, true);
        channel.basicReject(1, true);

        assertEverythingInOrder(channel, queue, 3);
    }

    @Test
    void afterRecover() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 3);

        channel.basicRecover(true);

        assertEverythingInOrder(channel, queue, 3);
    }

    @Test
    void afterChannelClose() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 3);

        channel.close();

        assertEverythingInOrder(broker.channel(), queue, 3);
    }

    @Test
    void afterChannelError() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 3);

        channel.basicAck(99, false);

        Channel next = broker.channel();
        TestBroker.awaitReady(next, queue, ALL.length);
        assertEverythingInOrder(next, queue, 3);
    }

    @Test
    void afterConnectionClose() throws IOException {
        Connection closing = broker.connect();
        String queue = queueWithUnacked(closing.createChannel(), 3);

        closing.close();

        assertEverythingInOrder(broker.channel(), queue, 3);
    }

    @Test
    void afterConnectionLoss() throws IOException {
        Connection lost = broker.connect();
        String queue = queueWithUnacked(lost.createChannel(), 3);

        broker.drop(lost);

        Channel next = broker.channel();
        TestBroker.awaitReady(next, queue, ALL.length);
        assertEverythingInOrder(next, queue, 3);
    }

    @Test
    void acrossSeveralChannels() throws IOException {
        Channel one = broker.channel();
        Channel two = broker.channel();
        String queue = broker.queue(one);
        TestBroker.publish(one, queue, ALL);
        one.basicGet(queue, false);
        two.basicGet(queue, false);
        one.basicGet(queue, false);
        two.basicGet(queue, false);

        two.basicRecover(true);
        one.basicRecover(true);

        assertEverythingInOrder(one, queue, 4);
    }

    @Test
    void messagesAckedInBetweenStayGone() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 4);
        channel.basicAck(2, false);

        channel.basicNack(0, true, true);

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a", "c", "d", "e");
    }

    @Test
    void redeliveredFlagStaysAfterSecondRequeue() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 1);
        channel.basicReject(1, true);
        channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), true);

        assertThat(channel.basicGet(queue, true).getEnvelope().isRedeliver()).isTrue();
        assertThat(channel.basicGet(queue, true).getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void messagesPublishedMeanwhileComeAfter() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 5);
        TestBroker.publish(channel, queue, "f");

        channel.basicNack(5, true, true);

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    void consumerGetsRequeuedMessagesBeforeTheRest() throws IOException {
        Channel channel = broker.channel();
        String queue = queueWithUnacked(channel, 2);

        channel.basicNack(2, true, true);

        assertThat(Deliveries.noAck(channel, queue).nextBodies(5)).containsExactly(ALL);
    }

    @Test
    void prefetchedMessagesReturnInOrderWhenTheConsumersChannelCloses() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, ALL);
        Channel consuming = broker.channel();
        consuming.basicQos(3);
        Deliveries deliveries = Deliveries.of(consuming, queue);
        await().until(() -> deliveries.waiting() == 3);

        consuming.close();

        assertEverythingInOrder(channel, queue, 3);
    }

    private String queueWithUnacked(Channel channel, int unacked) throws IOException {
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, ALL);
        for (int i = 0; i < unacked; i++) {
            channel.basicGet(queue, false);
        }
        return queue;
    }

    private static void assertEverythingInOrder(Channel channel, String queue, int redelivered) throws IOException {
        List<String> bodies = new ArrayList<>();
        List<Boolean> flags = new ArrayList<>();
        List<Boolean> expectedFlags = new ArrayList<>();
        for (GetResponse got = channel.basicGet(queue, true); got != null; got = channel.basicGet(queue, true)) {
            expectedFlags.add(bodies.size() < redelivered);
            bodies.add(TestBroker.text(got.getBody()));
            flags.add(got.getEnvelope().isRedeliver());
        }
        assertThat(bodies).containsExactly(ALL);
        assertThat(flags).as("redelivered").isEqualTo(expectedFlags);
    }
}
