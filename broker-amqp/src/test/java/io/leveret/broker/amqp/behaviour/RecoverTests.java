package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class RecoverTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void requeuesEverythingUnacked() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);
        channel.basicAck(1, false);

        channel.basicRecover(true);

        var first = channel.basicGet(queue, true);
        assertThat(first.getBody()).isEqualTo(TestBroker.bytes("b"));
        assertThat(first.getEnvelope().isRedeliver()).isTrue();
        var second = channel.basicGet(queue, true);
        assertThat(second.getBody()).isEqualTo(TestBroker.bytes("c"));
        assertThat(second.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void redeliversToTheConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a", "b");
        deliveries.nextBodies(2);

        channel.basicRecover(true);

        var first = deliveries.next();
        assertThat(TestBroker.text(first.getBody())).isEqualTo("a");
        assertThat(first.getEnvelope().isRedeliver()).isTrue();
        assertThat(first.getEnvelope().getDeliveryTag()).isEqualTo(3);
        assertThat(deliveries.nextBody()).isEqualTo("b");
    }

    @Test
    void mayGiveTheMessageToAnotherConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.basicGet(queue, false);
        Deliveries other = Deliveries.noAck(broker.channel(), queue);

        channel.basicRecover(true);

        assertThat(other.next().getEnvelope().isRedeliver()).isTrue();
    }

    @Test
    void leavesOtherChannelsAlone() throws IOException {
        Channel channel = broker.channel();
        Channel sibling = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        TestBroker.awaitReady(channel, queue, 1);
        sibling.basicGet(queue, false);

        channel.basicRecover(true);

        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void oldTagsAreUnknownAfterwards() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.basicGet(queue, false);
        channel.basicRecover(true);

        assertThatChannelCloses(
                channel, () -> channel.basicAck(1, false), 406, "PRECONDITION_FAILED - unknown delivery tag 1", 60, 80);
    }

    @Test
    void nothingUnackedIsFine() throws IOException {
        Channel channel = broker.channel();

        channel.basicRecover(true);
        channel.basicRecover();

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void withoutRequeueIsNotImplemented() throws IOException {
        Channel channel = broker.channel();

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.basicRecover(false),
                540,
                "NOT_IMPLEMENTED - requeue=false",
                60,
                110);
    }

    @Test
    void asynchronousFormRequeuesWithoutReply() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        channel.basicGet(queue, false);

        channel.asyncRpc(new AMQP.Basic.RecoverAsync.Builder().requeue(true).build());

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void asynchronousFormWithoutRequeueIsNotImplemented() throws IOException {
        Channel channel = broker.channel();

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.asyncRpc(
                        new AMQP.Basic.RecoverAsync.Builder().requeue(false).build()),
                540,
                "NOT_IMPLEMENTED - requeue=false",
                60,
                100);
    }
}
