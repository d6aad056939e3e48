package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class TransactionTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void publishesAppearAtCommit() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Channel observer = broker.channel();
        channel.txSelect();

        TestBroker.publish(channel, queue, "a", "b");
        channel.basicQos(0);
        assertThat(observer.basicGet(queue, true)).isNull();
        channel.txCommit();

        assertThat(TestBroker.drain(observer, queue)).containsExactly("a", "b");
    }

    @Test
    void publishesAreDroppedByRollback() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.txSelect();

        TestBroker.publish(channel, queue, "a");
        channel.txRollback();
        TestBroker.publish(channel, queue, "b");
        channel.txCommit();

        assertThat(TestBroker.drain(channel, queue)).containsExactly("b");
    }

    @Test
    void newTransactionStartsAfterCommit() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.txSelect();
        TestBroker.publish(channel, queue, "a");
        channel.txCommit();

        TestBroker.publish(channel, queue, "b");
        channel.txRollback();

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void acksTakeEffectAtCommit() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");
        channel.txSelect();
        channel.basicAck(tagOf(channel.basicGet(queue, false)), false);
        channel.txCommit();
        channel.basicAck(tagOf(channel.basicGet(queue, false)), false);

        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("b");
    }

    @Test
    void rolledBackAckMayBeGivenAgain() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.txSelect();
        long tag = tagOf(channel.basicGet(queue, false));
        channel.basicAck(tag, false);
        channel.txRollback();

        assertThat(channel.basicGet(queue, true))
                .as("rollback requeues nothing")
                .isNull();
        channel.basicAck(tag, false);
        channel.txCommit();
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).isEmpty();
    }

    @Test
    void rolledBackAckLeavesTheMessageUnacked() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.txSelect();
        channel.basicAck(tagOf(channel.basicGet(queue, false)), false);
        channel.txRollback();

        channel.close();

        GetResponse again = broker.channel().basicGet(queue, true);
        assertThat(again.getBody()).isEqualTo(bytes("a"));
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void requeueTakesEffectAtCommit() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");
        channel.txSelect();
        channel.basicReject(tagOf(channel.basicGet(queue, false)), true);
        channel.basicNack(tagOf(channel.basicGet(queue, false)), false, true);

        assertThat(channel.basicGet(queue, true)).isNull();
        channel.txCommit();

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a", "b");
    }

    @Test
    void discardTakesEffectAtCommit() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");
        channel.txSelect();
        channel.basicReject(tagOf(channel.basicGet(queue, false)), false);
        channel.txCommit();
        channel.basicNack(tagOf(channel.basicGet(queue, false)), false, false);

        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("b");
    }

    @Test
    void closingTheChannelDropsPublishes() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.txSelect();
        TestBroker.publish(channel, queue, "a");

        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).isEmpty();
    }

    @Test
    void unknownTagIsAnErrorAtOnce() throws IOException {
        Channel channel = broker.channel();
        channel.txSelect();

        assertThatChannelCloses(
                channel, () -> channel.basicAck(5, false), 406, "PRECONDITION_FAILED - unknown delivery tag 5", 60, 80);
    }

    @Test
    void sameTagMayNotBeAckedTwiceInTransaction() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.txSelect();
        channel.basicAck(tagOf(channel.basicGet(queue, false)), false);

        assertThatChannelCloses(
                channel, () -> channel.basicAck(1, false), 406, "PRECONDITION_FAILED - unknown delivery tag 1", 60, 80);
    }

    @Test
    void errorOfPublishIsRaisedAtOnce() throws IOException {
        Channel channel = broker.channel();
        channel.txSelect();

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("no-such-exchange", "", null, bytes("a")),
                404,
                "NOT_FOUND - no exchange 'no-such-exchange' in vhost '/'",
                60,
                40);
    }

    @Test
    void mandatoryMessageIsReturnedAtCommit() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);
        channel.txSelect();

        channel.basicPublish("", broker.name(), true, null, bytes("a"));
        returns.assertNoMore();
        channel.txCommit();

        assertThat(returns.next().getBody()).isEqualTo(bytes("a"));
    }

    @Test
    void rolledBackMandatoryMessageIsNotReturned() throws IOException {
        Channel channel = broker.channel();
        Returns returns = Returns.of(channel);
        channel.txSelect();

        channel.basicPublish("", broker.name(), true, null, bytes("a"));
        channel.txRollback();
        channel.basicPublish("", broker.name(), true, null, bytes("b"));
        channel.txCommit();

        assertThat(returns.next().getBody()).isEqualTo(bytes("b"));
    }

    @Test
    void routesWhenPublishedNotWhenCommitted() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String before = broker.queueBoundTo(channel, exchange, "");
        channel.txSelect();

        channel.basicPublish(exchange, "", null, bytes("a"));
        String after = broker.queueBoundTo(channel, exchange, "");
        channel.txCommit();

        assertThat(TestBroker.drain(channel, before)).containsExactly("a");
        assertThat(TestBroker.drain(channel, after)).isEmpty();
    }

    @Test
    void selectingAgainKeepsTheTransaction() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.txSelect();
        TestBroker.publish(channel, queue, "a");

        channel.txSelect();
        channel.txCommit();

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void commitWithoutSelectClosesChannel() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel, channel::txCommit, 406, "PRECONDITION_FAILED - channel is not transactional", 90, 20);
    }

    @Test
    void rollbackWithoutSelectClosesChannel() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel, channel::txRollback, 406, "PRECONDITION_FAILED - channel is not transactional", 90, 30);
    }

    @Test
    void txModeMayNotBecomeConfirmMode() throws IOException {
        Channel channel = broker.channel();
        channel.txSelect();

        assertThatChannelCloses(
                channel,
                channel::confirmSelect,
                406,
                "PRECONDITION_FAILED - cannot switch from tx to confirm mode",
                85,
                10);
    }

    @Test
    void getWithoutAcknowledgementIsNotTransactional() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.txSelect();
        channel.basicGet(queue, true);

        channel.txRollback();

        assertThat(TestBroker.drain(channel, queue)).isEmpty();
    }

    @Test
    void recoverLeavesAcksOfTheTransactionAlone() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "acked", "unacked");
        channel.txSelect();
        channel.basicAck(tagOf(channel.basicGet(queue, false)), false);
        channel.basicGet(queue, false);

        channel.basicRecover(true);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("unacked");
        channel.txCommit();

        assertThat(TestBroker.drain(channel, queue)).isEmpty();
    }

    private static long tagOf(GetResponse got) {
        return got.getEnvelope().getDeliveryTag();
    }
}
