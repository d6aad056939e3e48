package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class AckNackRejectTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void ackSettlesOneMessage() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b", "c");

        channel.basicAck(2, false);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("a", "c");
    }

    @Test
    void ackMultipleSettlesAllUpToTheTag() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b", "c", "d");

        channel.basicAck(3, true);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("d");
    }

    @Test
    void ackMultipleSkipsWhatIsAlreadySettled() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b", "c", "d");
        channel.basicAck(2, false);

        channel.basicAck(3, true);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("d");
    }

    @Test
    void ackMultipleWithTagZeroSettlesEverything() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b");

        channel.basicAck(0, true);
        channel.basicAck(0, true);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).isEmpty();
    }

    @Test
    void ackMultipleSpansQueues() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String one = broker.queue(channel);
        String two = broker.queue(channel);
        TestBroker.publish(channel, one, "a");
        TestBroker.publish(channel, two, "b");
        channel.basicGet(one, false);
        channel.basicGet(two, false);

        channel.basicAck(2, true);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), one)).isEmpty();
        assertThat(TestBroker.drain(broker.channel(), two)).isEmpty();
    }

    @Test
    void nackDiscardsOneMessage() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b");

        channel.basicNack(1, false, false);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("b");
    }

    @Test
    void nackMultipleDiscardsAllUpToTheTag() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b", "c");

        channel.basicNack(2, true, false);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("c");
    }

    @Test
    void nackMultipleWithTagZeroRequeuesEverything() throws IOException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b", "c");

        channel.basicNack(0, true, true);

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a", "b", "c");
    }

    @Test
    void rejectDiscards() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a", "b");

        channel.basicReject(1, false);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("b");
    }

    @Test
    void rejectRequeues() throws IOException {
        Channel channel = broker.channel();
        String queue = unacked(channel, "a");

        channel.basicReject(1, true);

        var again = channel.basicGet(queue, false);
        assertThat(again.getBody()).isEqualTo(TestBroker.bytes("a"));
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        assertThat(again.getEnvelope().getDeliveryTag()).as("a new tag").isEqualTo(2);
    }

    @Test
    void requeuedMessageMayComeBackToTheSameConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a");
        channel.basicNack(deliveries.nextTag(), false, true);

        var again = deliveries.next();

        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        assertThat(again.getEnvelope().getDeliveryTag()).isEqualTo(2);
    }

    @Test
    void requeuedMessageGoesToAnotherConsumerOfTheQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(1);
        Deliveries first = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a");
        long tag = first.nextTag();
        Channel sibling = broker.channel();
        Deliveries second = Deliveries.of(sibling, queue);

        channel.basicCancel(first.tag());
        channel.basicReject(tag, true);

        assertThat(second.next().getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void rejectsTagNeverDelivered() throws IOException {
        Channel channel = broker.channel();
        unacked(channel, "a");

        assertThatChannelCloses(channel, () -> channel.basicAck(2, false), 406, unknown(2), 60, 80);
    }

    @Test
    void rejectsTagNeverDeliveredWithMultiple() throws IOException {
        Channel channel = broker.channel();
        unacked(channel, "a");

        assertThatChannelCloses(channel, () -> channel.basicAck(2, true), 406, unknown(2), 60, 80);
    }

    @Test
    void rejectsTagAlreadySettled() throws IOException {
        Channel channel = broker.channel();
        unacked(channel, "a");
        channel.basicAck(1, false);

        assertThatChannelCloses(channel, () -> channel.basicAck(1, false), 406, unknown(1), 60, 80);
    }

    @Test
    void rejectsTagAlreadySettledWithMultiple() throws IOException {
        Channel channel = broker.channel();
        unacked(channel, "a", "b");
        channel.basicAck(2, true);

        assertThatChannelCloses(channel, () -> channel.basicAck(2, true), 406, unknown(2), 60, 80);
    }

    @Test
    void rejectsTagZeroWithoutMultiple() throws IOException {
        Channel channel = broker.channel();
        unacked(channel, "a");

        assertThatChannelCloses(channel, () -> channel.basicAck(0, false), 406, unknown(0), 60, 80);
    }

    @Test
    void rejectsTagOfDeliveryWithoutAcknowledgement() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.basicGet(queue, true);

        assertThatChannelCloses(channel, () -> channel.basicAck(1, false), 406, unknown(1), 60, 80);
    }

    @Test
    void rejectsTagOfSiblingChannel() throws IOException {
        Channel channel = broker.channel();
        unacked(channel, "a");
        Channel sibling = broker.channel();

        assertThatChannelCloses(sibling, () -> sibling.basicAck(1, false), 406, unknown(1), 60, 80);
    }

    @Test
    void nackRejectsUnknownTag() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(channel, () -> channel.basicNack(7, false, true), 406, unknown(7), 60, 120);
    }

    @Test
    void rejectRejectsUnknownTag() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(channel, () -> channel.basicReject(7, true), 406, unknown(7), 60, 90);
    }

    @Test
    void printsTheLargestTag() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.basicAck(-1, false),
                406,
                "PRECONDITION_FAILED - unknown delivery tag 18446744073709551615",
                60,
                80);
    }

    /** Publishes the bodies to a new queue and gets them all, so that their tags are 1, 2 and so on. */
    private String unacked(Channel channel, String... bodies) throws IOException {
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, bodies);
        for (int i = 0; i < bodies.length; i++) {
            channel.basicGet(queue, false);
        }
        return queue;
    }

    private static String unknown(long tag) {
        return "PRECONDITION_FAILED - unknown delivery tag " + tag;
    }
}
