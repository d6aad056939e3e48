package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.behaviour.Confirms;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More: {@code behaviour.ChannelLifecycleTests}, {@code raw.ChannelStateTests}. */
@Tag("behaviour")
@DisplayName("13.3 A channel error leaves its siblings and the connection usable, its number can be reopened")
class Line03ChannelErrorTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    @DisplayName("consumers, confirms and unacked messages of sibling channels go on")
    void siblingsGoOn() throws IOException {
        Channel sibling = broker.channel();
        String queue = broker.queue(sibling);
        Deliveries deliveries = Deliveries.of(sibling, queue);
        Confirms confirms = Confirms.select(sibling);
        TestBroker.publish(sibling, queue, "before");
        long unacked = deliveries.nextTag();

        fail(broker.channel());

        sibling.basicAck(unacked, false);
        TestBroker.publish(sibling, queue, "after");
        assertThat(deliveries.nextBody()).isEqualTo("after");
        confirms.awaitAcked(2);
    }

    @Test
    @DisplayName("the number can be opened again at once, and starts afresh")
    void numberCanBeReopened() throws IOException {
        Connection connection = broker.connection();
        for (int round = 0; round < 20; round++) {
            Channel channel = connection.createChannel(7);
            String queue = broker.queue(channel);
            TestBroker.publish(channel, queue, "a");
            TestBroker.awaitReady(channel, queue, 1);
            assertThat(channel.basicGet(queue, false).getEnvelope().getDeliveryTag())
                    .isEqualTo(1);
            fail(channel);
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("new channels can be opened after the error")
    void connectionGoesOn() throws IOException {
        fail(broker.channel());

        Channel next = broker.channel();
        String queue = broker.queue(next);
        TestBroker.publish(next, queue, "a");
        TestBroker.awaitReady(next, queue, 1);
    }

    private void fail(Channel channel) {
        assertThatChannelCloses(
                channel,
                () -> channel.exchangeDeclarePassive("checklist-missing"),
                404,
                "NOT_FOUND - no exchange 'checklist-missing' in vhost '/'",
                40,
                10);
    }
}
