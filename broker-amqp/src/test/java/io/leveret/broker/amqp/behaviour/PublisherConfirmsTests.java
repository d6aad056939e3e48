package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class PublisherConfirmsTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void acksTransientMessageToTransientQueue() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Confirms confirms = Confirms.select(channel);

        TestBroker.publish(channel, queue, "a");

        confirms.awaitAcked(1);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void acksPersistentMessageToDurableQueue() throws IOException {
        Channel channel = broker.channel();
        String queue =
                channel.queueDeclare(broker.name(), true, false, false, null).getQueue();
        Confirms confirms = Confirms.select(channel);

        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, bytes("a"));

        confirms.awaitAcked(1);
    }

    @Test
    void acksUnroutableMessage() throws IOException {
        Channel channel = broker.channel();
        Confirms confirms = Confirms.select(channel);

        TestBroker.publish(channel, broker.name(), "a");

        confirms.awaitAcked(1);
    }

    @Test
    void acksOnceForSeveralQueues() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String one = broker.queueBoundTo(channel, exchange, "");
        String two = broker.queueBoundTo(channel, exchange, "");
        Confirms confirms = Confirms.select(channel);

        channel.basicPublish(exchange, "", null, bytes("a"));
        channel.basicPublish(exchange, "", null, bytes("b"));

        confirms.awaitAcked(2);
        assertThat(TestBroker.drain(channel, one)).containsExactly("a", "b");
        assertThat(TestBroker.drain(channel, two)).containsExactly("a", "b");
    }

    @Test
    void everyOneOfManyPublishesGetsExactlyOneOutcome() throws IOException {
        Channel channel = broker.channel();
        String transientQueue = broker.queue(channel);
        String durableQueue =
                channel.queueDeclare(broker.name(), true, false, false, null).getQueue();
        String nobody = broker.name();
        Confirms confirms = Confirms.select(channel);

        for (int i = 0; i < 500; i++) {
            channel.basicPublish("", transientQueue, MessageProperties.BASIC, bytes("t" + i));
            channel.basicPublish("", durableQueue, MessageProperties.PERSISTENT_BASIC, bytes("d" + i));
            channel.basicPublish("", nobody, MessageProperties.PERSISTENT_BASIC, bytes("n" + i));
        }

        confirms.awaitAcked(1_500);
    }

    @Test
    void numbersPublishesFromTheFirstAfterSelect() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "before", "before");

        Confirms confirms = Confirms.select(channel);
        TestBroker.publish(channel, queue, "a");

        assertThat(confirms.outcomes(1)).containsOnlyKeys(1L);
    }

    @Test
    void selectingAgainChangesNothing() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Confirms confirms = Confirms.select(channel);
        TestBroker.publish(channel, queue, "a");

        channel.confirmSelect();
        TestBroker.publish(channel, queue, "b");

        confirms.awaitAcked(2);
    }

    @Test
    void isPerChannel() throws IOException {
        Channel confirming = broker.channel();
        Channel plain = broker.channel();
        String queue = broker.queue(plain);
        Confirms confirms = Confirms.select(confirming);

        TestBroker.publish(plain, queue, "a");
        TestBroker.publish(confirming, queue, "b");

        confirms.awaitAcked(1);
    }

    @Test
    void acksWhatWasPublishedToQueueThatIsThenDeleted() throws IOException {
        Channel channel = broker.channel();
        String queue =
                channel.queueDeclare(broker.name(), true, false, false, null).getQueue();
        Confirms confirms = Confirms.select(channel);

        for (int i = 0; i < 50; i++) {
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, bytes("a" + i));
        }
        channel.queueDelete(queue);

        confirms.awaitAcked(50);
    }

    @Test
    void acksDeliveredMessages() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.noAck(channel, queue);
        Confirms confirms = Confirms.select(channel);

        TestBroker.publish(channel, queue, "a", "b");

        confirms.awaitAcked(2);
        assertThat(deliveries.nextBodies(2)).containsExactly("a", "b");
    }

    @Test
    void doesNotConfirmPublishThatIsAnError() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Confirms confirms = Confirms.select(channel);
        TestBroker.publish(channel, queue, "a");
        confirms.awaitAcked(1);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("no-such-exchange", "", null, bytes("error")),
                404,
                "NOT_FOUND - no exchange 'no-such-exchange' in vhost '/'",
                60,
                40);

        confirms.awaitAcked(1);
    }

    @Test
    void confirmModeMayNotBecomeTxMode() throws IOException {
        Channel channel = broker.channel();
        channel.confirmSelect();

        assertThatChannelCloses(
                channel, channel::txSelect, 406, "PRECONDITION_FAILED - cannot switch from confirm to tx mode", 90, 10);
    }

    @Test
    void nacksWhatQueueRejectsByItsOverflowRule() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        Confirms confirms = Confirms.select(channel);

        TestBroker.publish(channel, queue, "kept");
        confirms.awaitAcked(1);
        TestBroker.publish(channel, queue, "rejected");

        assertThat(confirms.outcomes(2)).containsExactly(Map.entry(1L, true), Map.entry(2L, false));
        assertThat(TestBroker.drain(channel, queue)).containsExactly("kept");
    }
}
