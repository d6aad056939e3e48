package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class PrefetchTests {
    private static final String[] TEN = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void limitsUnackedMessagesOfConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(3);

        Deliveries deliveries = Deliveries.of(channel, queue);

        assertThat(deliveries.nextBodies(3)).containsExactly("0", "1", "2");
        deliveries.assertNoMore();
    }

    @Test
    void ackOpensTheWindow() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2);
        Deliveries deliveries = Deliveries.of(channel, queue);
        deliveries.nextBodies(2);

        channel.basicAck(1, false);
        assertThat(deliveries.nextBody()).isEqualTo("2");
        deliveries.assertNoMore();
        channel.basicAck(3, true);
        assertThat(deliveries.nextBodies(2)).containsExactly("3", "4");
        deliveries.assertNoMore();
    }

    @Test
    void rejectAndNackOpenTheWindow() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(1);
        Deliveries deliveries = Deliveries.of(channel, queue);

        channel.basicReject(deliveries.nextTag(), false);
        channel.basicNack(deliveries.nextTag(), false, false);
        assertThat(deliveries.nextBody()).isEqualTo("2");
        channel.basicReject(3, true);
        assertThat(deliveries.nextBody()).isEqualTo("2");
        deliveries.assertNoMore();
    }

    @Test
    void countsEachConsumerOfTheChannelByItself() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2);

        Deliveries first = Deliveries.of(channel, queue);
        Deliveries second = Deliveries.of(channel, queue);

        assertThat(first.nextBodies(2)).hasSize(2);
        assertThat(second.nextBodies(2)).hasSize(2);
        first.assertNoMore();
        second.assertNoMore();
    }

    @Test
    void changeAppliesToLaterConsumersOnly() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(1);
        Deliveries first = Deliveries.of(channel, queue);
        assertThat(first.nextBody()).isEqualTo("0");

        channel.basicQos(3);
        first.assertNoMore();
        Deliveries second = Deliveries.of(channel, queue);

        assertThat(second.nextBodies(3)).containsExactly("1", "2", "3");
        second.assertNoMore();
        first.assertNoMore();
    }

    @Test
    void zeroMeansNoLimit() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(1);
        channel.basicQos(0);

        assertThat(Deliveries.of(channel, queue).nextBodies(10)).containsExactly(TEN);
    }

    @Test
    void channelThatNeverAskedHasNoLimit() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);

        assertThat(Deliveries.of(channel, queue).nextBodies(10)).containsExactly(TEN);
    }

    @Test
    void isPerChannel() throws IOException {
        Channel limited = broker.channel();
        limited.basicQos(1);
        Channel other = broker.channel();
        String queue = queueOfTen(other);

        assertThat(Deliveries.of(other, queue).nextBodies(10)).containsExactly(TEN);
    }

    @Test
    void doesNotLimitConsumersWithoutAcknowledgement() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(1);

        assertThat(Deliveries.noAck(channel, queue).nextBodies(10)).containsExactly(TEN);
    }

    @Test
    void messagesOfGetDoNotCountForTheConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2);
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);

        assertThat(Deliveries.of(channel, queue).nextBodies(2)).containsExactly("2", "3");
    }

    @Test
    void unackedMessagesOfCancelledConsumerDoNotCountForTheNext() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2);
        Deliveries first = Deliveries.of(channel, queue);
        first.nextBodies(2);
        channel.basicCancel(first.tag());

        assertThat(Deliveries.of(channel, queue).nextBodies(2)).containsExactly("2", "3");
    }

    @Test
    void recoverOpensTheWindow() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2);
        Deliveries deliveries = Deliveries.of(channel, queue);
        deliveries.nextBodies(2);

        channel.basicRecover(true);

        assertThat(deliveries.nextBodies(2)).containsExactly("0", "1");
        deliveries.assertNoMore();
    }

    @Test
    void largestValueIsAccepted() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(65_535);

        assertThat(Deliveries.of(channel, queue).nextBodies(10)).containsExactly(TEN);
    }

    @Test
    void prefetchSizeIsNotImplemented() throws IOException {
        Channel channel = broker.channel();

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.basicQos(1_000, 1, false),
                540,
                "NOT_IMPLEMENTED - prefetch_size!=0 (1000)",
                60,
                10);
    }

    @Test
    void globalLimitIsSharedByAllConsumersOfTheChannel() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(3, true);

        Deliveries first = Deliveries.of(channel, queue);
        assertThat(first.nextBodies(3)).containsExactly("0", "1", "2");
        Deliveries second = Deliveries.of(channel, queue);
        first.assertNoMore();
        second.assertNoMore();
        channel.basicAck(3, true);

        assertThatTheyGetTogether(3, first, second);
    }

    @Test
    void globalLimitAppliesToExistingConsumers() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);
        channel.basicQos(2, true);

        TestBroker.publish(channel, queue, TEN);

        assertThat(deliveries.nextBodies(2)).containsExactly("0", "1");
        deliveries.assertNoMore();
    }

    @Test
    void globalAndConsumerLimitsMustBothBeOpen() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2, false);
        channel.basicQos(3, true);

        Deliveries first = Deliveries.of(channel, queue);
        Deliveries second = Deliveries.of(channel, queue);

        assertThat(first.nextBodies(2)).hasSize(2);
        assertThat(second.nextBodies(1)).hasSize(1);
        first.assertNoMore();
        second.assertNoMore();
    }

    @Test
    void limitOfConsumersRemovesTheGlobalLimit() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(1, true);
        Deliveries deliveries = Deliveries.of(channel, queue);
        deliveries.nextBody();

        channel.basicQos(2, false);

        assertThat(deliveries.nextBodies(9)).hasSize(9);
    }

    @Test
    void lowerGlobalLimitTakesEffectAsAcksComeIn() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(3, true);
        Deliveries deliveries = Deliveries.of(channel, queue);
        deliveries.nextBodies(3);

        channel.basicQos(1, true);
        channel.basicAck(2, true);
        deliveries.assertNoMore();
        channel.basicAck(3, true);

        assertThat(deliveries.nextBody()).isEqualTo("3");
        deliveries.assertNoMore();
    }

    @Test
    void globalLimitHoldsConsumersWithoutAcknowledgementUncounted() throws IOException {
        Channel channel = broker.channel();
        String unasked = queueOfTen(channel);
        String queue = queueOfTen(channel);
        channel.basicQos(1, true);
        Deliveries noAck = Deliveries.noAck(channel, unasked);
        assertThat(noAck.nextBodies(10)).containsExactly(TEN);
        Deliveries acking = Deliveries.of(channel, queue);
        assertThat(acking.nextBody()).isEqualTo("0");

        TestBroker.publish(channel, unasked, "late");
        noAck.assertNoMore();
        channel.basicCancel(acking.tag());
        channel.basicAck(0, true);

        assertThat(noAck.nextBody()).isEqualTo("late");
    }

    @Test
    void globalLimitDoesNotHoldGet() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(1, true);
        Deliveries.of(channel, queue).next();

        assertThat(TestBroker.text(channel.basicGet(queue, false).getBody())).isEqualTo("1");
    }

    @Test
    void globalZeroRemovesTheGlobalLimit() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(1, true);
        Deliveries deliveries = Deliveries.of(channel, queue);
        deliveries.nextBody();

        channel.basicQos(0, true);

        assertThat(deliveries.nextBodies(9)).hasSize(9);
    }

    @Test
    void globalLimitCountsWhatIsUnackedAlready() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2);
        Deliveries first = Deliveries.of(channel, queue);
        first.nextBodies(2);

        channel.basicQos(3, true);
        Deliveries second = Deliveries.of(channel, queue);

        assertThat(second.nextBody()).isEqualTo("2");
        second.assertNoMore();
    }

    @Test
    void messagesOfLaterGetDoNotCountForTheGlobalLimit() throws IOException {
        Channel channel = broker.channel();
        String queue = queueOfTen(channel);
        channel.basicQos(2, true);
        channel.basicGet(queue, false);

        Deliveries deliveries = Deliveries.of(channel, queue);

        assertThat(deliveries.nextBodies(2)).containsExactly("1", "2");
        deliveries.assertNoMore();
    }

    private String queueOfTen(Channel channel) throws IOException {
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, TEN);
        TestBroker.awaitReady(channel, queue, TEN.length);
        return queue;
    }

    private static void assertThatTheyGetTogether(int count, Deliveries first, Deliveries second) {
        await().during(Duration.ofMillis(100)).until(() -> first.waiting() + second.waiting() == count);
    }
}
