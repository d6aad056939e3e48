package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class ChannelLifecycleTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void errorLeavesSiblingChannelsUsable() throws IOException {
        Channel failing = broker.channel();
        Channel sibling = broker.channel();
        String queue = broker.queue(sibling);
        Deliveries deliveries = Deliveries.noAck(sibling, queue);

        assertThatChannelCloses(
                failing, () -> failing.basicAck(9, false), 406, "PRECONDITION_FAILED - unknown delivery tag 9", 60, 80);
        TestBroker.publish(sibling, queue, "a");

        assertThat(deliveries.nextBody()).isEqualTo("a");
        assertThat(broker.channel().isOpen()).isTrue();
    }

    @Test
    void numberMayBeUsedAgainAfterError() throws IOException {
        Connection connection = broker.connection();
        for (int i = 0; i < 20; i++) {
            Channel channel = connection.createChannel(7);
            assertThatChannelCloses(
                    channel,
                    () -> channel.basicAck(9, false),
                    406,
                    "PRECONDITION_FAILED - unknown delivery tag 9",
                    60,
                    80);
        }

        Channel channel = connection.createChannel(7);
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a");
        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void numberMayBeUsedAgainAfterClose() throws IOException, TimeoutException {
        Connection connection = broker.connection();
        for (int i = 0; i < 20; i++) {
            connection.createChannel(7).close();
        }

        assertThat(connection.createChannel(7).isOpen()).isTrue();
    }

    @Test
    void reopenedNumberStartsAfresh() throws IOException, TimeoutException {
        Channel first = broker.connection().createChannel(7);
        String queue = broker.queue(first);
        TestBroker.publish(first, queue, "a", "b");
        first.basicQos(1);
        first.txSelect();
        first.basicConsume(queue, false, "tag", new Deliveries(first));
        first.close();

        Channel second = broker.connection().createChannel(7);
        second.confirmSelect();
        Deliveries deliveries = new Deliveries(second);
        second.basicConsume(queue, false, "tag", deliveries);

        assertThat(deliveries.nextTag()).isOne();
        assertThat(deliveries.nextTag()).as("no prefetch").isEqualTo(2);
    }

    @Test
    void anyNumberUpToTheLimitMayBeUsed() throws IOException {
        Connection connection = broker.connection();

        for (int number : new int[] {2_047, 1, 1_000}) {
            assertThat(connection.createChannel(number).getChannelNumber()).isEqualTo(number);
        }
    }

    @Test
    void manyChannelsWorkSideBySide() throws IOException {
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            channels.add(broker.channel());
        }
        String queue = broker.queue(channels.get(0));

        for (Channel channel : channels) {
            TestBroker.publish(channel, queue, "from " + channel.getChannelNumber());
        }

        TestBroker.awaitReady(channels.get(0), queue, 100);
    }

    @Test
    void publishesBeforeTheCloseAreTaken() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");

        channel.close();

        Channel next = broker.channel();
        TestBroker.awaitReady(next, queue, 3);
        assertThat(TestBroker.drain(next, queue)).containsExactly("a", "b", "c");
    }

    @Test
    void publishesBeforeTheCloseOfTheConnectionAreTaken() throws IOException {
        Connection closing = broker.connect();
        Channel channel = closing.createChannel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");

        closing.close();

        Channel next = broker.channel();
        TestBroker.awaitReady(next, queue, 3);
        assertThat(TestBroker.drain(next, queue)).containsExactly("a", "b", "c");
    }

    @Test
    void flowActiveIsAnswered() throws IOException {
        Channel channel = broker.channel();

        Object ok = channel.rpc(new AMQP.Channel.Flow.Builder().active(true).build())
                .getMethod();

        assertThat(ok)
                .isInstanceOfSatisfying(
                        AMQP.Channel.FlowOk.class,
                        flowOk -> assertThat(flowOk.getActive()).isTrue());
    }

    @Test
    void flowInactiveIsNotImplemented() throws IOException {
        Channel channel = broker.channel();

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.rpc(new AMQP.Channel.Flow.Builder().active(false).build()),
                540,
                "NOT_IMPLEMENTED - active=false",
                20,
                20);
    }

    @Test
    void accessRequestIsAnsweredWithTicketOne() throws IOException {
        Channel channel = broker.channel();

        Object ok = channel.rpc(new AMQP.Access.Request.Builder().realm("/data").build())
                .getMethod();

        assertThat(ok)
                .isInstanceOfSatisfying(
                        AMQP.Access.RequestOk.class,
                        requestOk -> assertThat(requestOk.getTicket()).isOne());
    }

    @Test
    void errorTextIsCutTo255BytesWithDots() throws IOException {
        Channel channel = broker.channel();
        String exchange = "x".repeat(255);

        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclarePassive(exchange),
                404,
                ("NOT_FOUND - no exchange '" + exchange).substring(0, 252) + "...",
                40,
                10);
    }

    @Test
    void methodOnlyTheServerSendsClosesConnection() throws IOException {
        Channel channel = broker.channel();

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.asyncRpc(
                        new AMQP.Queue.PurgeOk.Builder().messageCount(1).build()),
                503,
                "COMMAND_INVALID - unimplemented method",
                50,
                31);
    }

    @Test
    void secondOpenClosesConnection() throws IOException {
        Channel channel = broker.channel();

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.asyncRpc(new AMQP.Channel.Open.Builder().build()),
                504,
                "CHANNEL_ERROR - second 'channel.open' seen",
                20,
                10);
    }
}
