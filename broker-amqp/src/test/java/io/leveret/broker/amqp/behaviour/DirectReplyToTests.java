package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class DirectReplyToTests {
    private static final String REPLY_TO = "amq.rabbitmq.reply-to";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void replyReachesTheRequester() throws IOException {
        Channel requester = broker.channel();
        Channel server = broker.channelOnNewConnection();
        String requests = broker.queue(server);
        Deliveries replies = Deliveries.noAck(requester, REPLY_TO);

        requester.basicPublish("", requests, replyTo(REPLY_TO), bytes("ping"));
        GetResponse request = get(server, requests);
        String address = request.getProps().getReplyTo();
        server.basicPublish(
                "",
                address,
                new AMQP.BasicProperties.Builder().correlationId("7").build(),
                bytes("pong"));

        Delivery reply = replies.next();
        assertThat(reply.getBody()).isEqualTo(bytes("pong"));
        assertThat(reply.getProperties().getCorrelationId()).isEqualTo("7");
        assertThat(reply.getEnvelope().getExchange()).isEmpty();
        assertThat(reply.getEnvelope().getRoutingKey()).isEqualTo(address);
        assertThat(reply.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void addressIsPseudoQueueWithToken() throws IOException {
        Channel channel = broker.channel();
        Deliveries.noAck(channel, REPLY_TO);

        assertThat(addressOf(channel)).matches("amq\\.rabbitmq\\.reply-to\\.[A-Za-z0-9+/=_.-]+");
    }

    @Test
    void addressStaysTheSameForEveryRequestOfTheConsumer() throws IOException {
        Channel channel = broker.channel();
        Deliveries.noAck(channel, REPLY_TO);

        assertThat(addressOf(channel)).isEqualTo(addressOf(channel));
    }

    @Test
    void everyChannelHasItsOwnAddress() throws IOException {
        Channel one = broker.channel();
        Channel two = broker.channel();
        Deliveries ones = Deliveries.noAck(one, REPLY_TO);
        Deliveries twos = Deliveries.noAck(two, REPLY_TO);

        TestBroker.publish(one, addressOf(one), "for one");
        TestBroker.publish(one, addressOf(two), "for two");

        assertThat(ones.nextBody()).isEqualTo("for one");
        assertThat(twos.nextBody()).isEqualTo("for two");
    }

    @Test
    void manyRepliesMayBeSent() throws IOException {
        Channel channel = broker.channel();
        Deliveries replies = Deliveries.noAck(channel, REPLY_TO);

        TestBroker.publish(broker.channelOnNewConnection(), addressOf(channel), "a", "b", "c");

        assertThat(replies.nextBodies(3)).containsExactly("a", "b", "c");
    }

    @Test
    void acknowledgingConsumerIsRefused() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.basicConsume(REPLY_TO, false, new Deliveries(channel)),
                406,
                "PRECONDITION_FAILED - reply consumer cannot acknowledge",
                60,
                20);
    }

    @Test
    void secondConsumerOnTheChannelIsRefused() throws IOException {
        Channel channel = broker.channel();
        Deliveries.noAck(channel, REPLY_TO);

        assertThatChannelCloses(
                channel,
                () -> channel.basicConsume(REPLY_TO, true, new Deliveries(channel)),
                406,
                "PRECONDITION_FAILED - reply consumer already set",
                60,
                20);
    }

    @Test
    void tagInUseClosesConnection() throws IOException {
        Channel channel = broker.channel();
        channel.basicConsume(broker.queue(channel), true, "tag", new Deliveries(channel));

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.basicConsume(REPLY_TO, true, "tag", new Deliveries(channel)),
                530,
                "NOT_ALLOWED - attempt to reuse consumer tag 'tag'",
                60,
                20);
    }

    @Test
    void requestWithoutConsumerIsRefused() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.basicPublish("", queue, replyTo(REPLY_TO), bytes("a")),
                406,
                "PRECONDITION_FAILED - fast reply consumer does not exist",
                60,
                40);
    }

    @Test
    void requestOnSiblingChannelIsRefused() throws IOException {
        Deliveries.noAck(broker.channel(), REPLY_TO);
        Channel sibling = broker.channel();
        String queue = broker.queue(sibling);

        assertThatChannelCloses(
                sibling,
                () -> sibling.basicPublish("", queue, replyTo(REPLY_TO), bytes("a")),
                406,
                "PRECONDITION_FAILED - fast reply consumer does not exist",
                60,
                40);
    }

    @Test
    void cancelledConsumerMakesWayForAnother() throws IOException {
        Channel channel = broker.channel();
        Deliveries first = Deliveries.noAck(channel, REPLY_TO);
        String oldAddress = addressOf(channel);
        channel.basicCancel(first.tag());

        Deliveries second = Deliveries.noAck(channel, REPLY_TO);
        String address = addressOf(channel);
        TestBroker.publish(channel, oldAddress, "late");
        TestBroker.publish(channel, address, "a");

        assertThat(second.nextBody()).isEqualTo("a");
        first.assertNoMore();
        second.assertNoMore();
    }

    @Test
    void replyToNobodyIsDroppedAndConfirmed() throws IOException {
        Channel channel = broker.channel();
        Channel requester = broker.channel();
        Deliveries.noAck(requester, REPLY_TO);
        String address = addressOf(requester);
        requester.abort();
        Confirms confirms = Confirms.select(channel);

        TestBroker.publish(channel, address, "late");
        TestBroker.publish(channel, REPLY_TO + ".made-up", "wrong");

        confirms.awaitAcked(2);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there, and up to 4.1, it is returned
    void mandatoryReplyToNobodyIsNotReturned() throws IOException {
        Channel channel = broker.channel();
        Channel requester = broker.channel();
        Deliveries.noAck(requester, REPLY_TO);
        String address = addressOf(requester);
        requester.abort();
        Returns returns = Returns.of(channel);
        Confirms confirms = Confirms.select(channel);

        channel.basicPublish("", address, true, null, bytes("late"));

        confirms.awaitAcked(1);
        returns.assertNoMore();
    }

    @Test
    void declareOfTheAddressTellsWhetherTheRequesterLives() throws IOException {
        Channel requester = broker.channel();
        Channel server = broker.channelOnNewConnection();
        Deliveries.noAck(requester, REPLY_TO);
        String address = addressOf(requester);

        AMQP.Queue.DeclareOk alive = server.queueDeclare(address, false, false, false, null);
        assertThat(alive.getQueue()).isEqualTo(address);
        assertThat(alive.getMessageCount()).isZero();
        assertThat(alive.getConsumerCount()).isOne();
        assertThat(server.queueDeclarePassive(address).getConsumerCount()).isOne();
        requester.abort();

        assertThatChannelCloses(
                server,
                () -> server.queueDeclare(address, false, false, false, null),
                404,
                "NOT_FOUND - no queue '" + address + "' in vhost '/'",
                50,
                10);
    }

    @Test
    void replyWithItsOwnReplyToIsAnotherRequest() throws IOException {
        Channel one = broker.channel();
        Channel two = broker.channelOnNewConnection();
        Deliveries ones = Deliveries.noAck(one, REPLY_TO);
        Deliveries twos = Deliveries.noAck(two, REPLY_TO);

        two.basicPublish("", addressOf(one), replyTo(REPLY_TO), bytes("question"));
        Delivery question = ones.next();
        TestBroker.publish(one, question.getProperties().getReplyTo(), "answer");

        assertThat(twos.nextBody()).isEqualTo("answer");
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there it is 404: the pseudo-queue is looked up as any other
    void bindOfThePseudoQueueIsRefused() throws IOException {
        Channel channel = broker.channel();

        assertThatChannelCloses(
                channel,
                () -> channel.queueBind(REPLY_TO, "amq.direct", "key"),
                403,
                "ACCESS_REFUSED - cannot bind or unbind to a volatile (direct reply-to) queue",
                50,
                20);
    }

    @Test
    void ordinaryReplyToIsLeftAlone() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        channel.basicPublish("", queue, replyTo("anything"), bytes("a"));

        assertThat(channel.basicGet(queue, true).getProps().getReplyTo()).isEqualTo("anything");
    }

    /** The address the broker gives the replies to a request sent on the channel. */
    private String addressOf(Channel channel) throws IOException {
        String queue = broker.queue(channel);
        channel.basicPublish("", queue, replyTo(REPLY_TO), bytes("request"));
        return channel.basicGet(queue, true).getProps().getReplyTo();
    }

    private static GetResponse get(Channel channel, String queue) throws IOException {
        TestBroker.awaitReady(channel, queue, 1);
        return channel.basicGet(queue, true);
    }

    private static AMQP.BasicProperties replyTo(String address) {
        return new AMQP.BasicProperties.Builder().replyTo(address).build();
    }
}
