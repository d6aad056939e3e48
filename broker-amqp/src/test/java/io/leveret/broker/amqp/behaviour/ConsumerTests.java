package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class ConsumerTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void getsMessagesInTheOrderTheyWerePublished() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "c", "d");

        for (long tag = 1; tag <= 4; tag++) {
            Delivery delivery = deliveries.next();
            assertThat(delivery.getEnvelope().getDeliveryTag()).isEqualTo(tag);
            assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
            assertThat(TestBroker.text(delivery.getBody()))
                    .isEqualTo(List.of("a", "b", "c", "d").get((int) tag - 1));
        }
    }

    @Test
    void emptyTagIsReplacedByGeneratedOne() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        String first = channel.basicConsume(queue, new Deliveries(channel));
        String second = channel.basicConsume(queue, new Deliveries(channel));

        assertThat(first).matches("amq\\.ctag-[A-Za-z0-9_-]{22}");
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void ownTagIsKept() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        String tag = "zażółć " + "t".repeat(200);

        assertThat(channel.basicConsume(queue, true, tag, new Deliveries(channel)))
                .isEqualTo(tag);
    }

    @Test
    void sameTagMayBeUsedOnSiblingChannels() throws IOException {
        Channel channel = broker.channel();
        Channel sibling = broker.channel();
        String queue = broker.queue(channel);

        channel.basicConsume(queue, true, "tag", new Deliveries(channel));

        assertThat(sibling.basicConsume(queue, true, "tag", new Deliveries(sibling)))
                .isEqualTo("tag");
    }

    @Test
    void tagInUseOnTheChannelClosesConnection() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicConsume(queue, true, "tag", new Deliveries(channel));

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.basicConsume(queue, true, "tag", new Deliveries(channel)),
                530,
                "NOT_ALLOWED - attempt to reuse consumer tag 'tag'",
                60,
                20);
    }

    @Test
    void cancelledTagMayBeUsedAgain() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicConsume(queue, true, "tag", new Deliveries(channel));
        channel.basicCancel("tag");

        Deliveries deliveries = new Deliveries(channel);
        channel.basicConsume(queue, true, "tag", deliveries);
        TestBroker.publish(channel, queue, "a");

        assertThat(deliveries.nextBody()).isEqualTo("a");
    }

    @Test
    void ofMissingQueueClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.basicConsume(queue, new Deliveries(channel)),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                60,
                20);
    }

    @Test
    void deliveriesWithoutAcknowledgementAreSettledButTakeTags() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");

        Deliveries deliveries = Deliveries.noAck(channel, queue);
        assertThat(deliveries.nextTag()).isOne();
        assertThat(deliveries.nextTag()).isEqualTo(2);
        channel.close();

        assertThat(TestBroker.drain(broker.channel(), queue)).isEmpty();
    }

    @Test
    void deliveryTagsCountAllConsumersAndGetsOfTheChannel() throws IOException {
        Channel channel = broker.channel();
        String one = broker.queue(channel);
        String two = broker.queue(channel);
        TestBroker.publish(channel, one, "a", "b");
        TestBroker.publish(channel, two, "c");

        assertThat(channel.basicGet(one, true).getEnvelope().getDeliveryTag()).isOne();
        assertThat(Deliveries.noAck(channel, two).nextTag()).isEqualTo(2);
        assertThat(Deliveries.of(channel, one).nextTag()).isEqualTo(3);
    }

    @Test
    void noLocalIsIgnored() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = new Deliveries(channel);

        channel.basicConsume(queue, true, "", true, false, null, deliveries);
        TestBroker.publish(channel, queue, "a");

        assertThat(deliveries.nextBody()).isEqualTo("a");
    }

    @Test
    void unknownArgumentsAreIgnored() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = new Deliveries(channel);

        channel.basicConsume(queue, true, Map.of("x-made-up", 1), deliveries);
        TestBroker.publish(channel, queue, "a");

        assertThat(deliveries.nextBody()).isEqualTo("a");
    }

    @Test
    void consumersTakeTurns() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        List<Deliveries> consumers = List.of(
                Deliveries.noAck(channel, queue),
                Deliveries.noAck(broker.channel(), queue),
                Deliveries.noAck(broker.channelOnNewConnection(), queue));

        for (int i = 0; i < 30; i++) {
            TestBroker.publish(channel, queue, "m" + i);
        }

        await().untilAsserted(() ->
                assertThat(consumers).extracting(Deliveries::waiting).containsExactly(10, 10, 10));
        assertThat(consumers.get(0).nextBodies(3)).containsExactly("m0", "m3", "m6");
        assertThat(consumers.get(1).nextBodies(3)).containsExactly("m1", "m4", "m7");
        assertThat(consumers.get(2).nextBodies(3)).containsExactly("m2", "m5", "m8");
    }

    @Test
    void busyConsumerIsSkipped() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(1);
        Deliveries busy = Deliveries.of(channel, queue);
        Deliveries free = Deliveries.noAck(broker.channel(), queue);

        TestBroker.publish(channel, queue, "a", "b", "c", "d");

        assertThat(busy.nextBody()).isEqualTo("a");
        assertThat(free.nextBodies(3)).containsExactly("b", "c", "d");
        busy.assertNoMore();
    }

    @Test
    void newConsumerGetsTheBacklogUpToItsPrefetch() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");
        channel.basicQos(2);
        Deliveries first = Deliveries.of(channel, queue);
        first.nextBodies(2);

        Deliveries second = Deliveries.of(broker.channel(), queue);

        assertThat(second.nextBody()).isEqualTo("c");
    }

    @Test
    void cancelStopsDeliveriesAndKeepsUnackedMessages() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(1);
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a", "b");
        long tag = deliveries.nextTag();

        channel.basicCancel(deliveries.tag());
        channel.basicAck(tag, false);

        deliveries.assertNoMore();
        assertThat(TestBroker.drain(channel, queue)).containsExactly("b");
    }

    @Test
    void cancelRequeuesNothing() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a");
        deliveries.next();

        channel.basicCancel(deliveries.tag());

        assertThat(channel.basicGet(queue, true)).isNull();
        channel.basicReject(1, true);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void cancelOfUnknownTagIsAnswered() throws IOException {
        Channel channel = broker.channel();

        Object ok = channel.rpc(
                        new AMQP.Basic.Cancel.Builder().consumerTag("unknown").build())
                .getMethod();

        assertThat(ok)
                .isInstanceOfSatisfying(
                        AMQP.Basic.CancelOk.class,
                        cancelOk -> assertThat(cancelOk.getConsumerTag()).isEqualTo("unknown"));
    }

    @Test
    void closedChannelTakesItsConsumersAlong() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        Channel sibling = broker.channel();
        String queue = broker.queue(channel);
        Deliveries.of(channel, queue);
        Deliveries.of(channel, queue);
        Deliveries.of(sibling, queue);

        channel.close();

        assertThat(sibling.consumerCount(queue)).isOne();
    }
}
