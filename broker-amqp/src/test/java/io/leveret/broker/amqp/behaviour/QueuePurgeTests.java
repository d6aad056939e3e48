package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class QueuePurgeTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void removesReadyMessagesAndAnswersWithTheirNumber() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b", "c");

        assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(3);
        assertThat(channel.basicGet(queue, true)).isNull();
    }

    @Test
    void purgingEmptyQueueAnswersZero() throws IOException {
        Channel channel = broker.channel();

        assertThat(channel.queuePurge(broker.queue(channel)).getMessageCount()).isZero();
    }

    @Test
    void leavesUnackedMessagesToBeRequeued() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "a", "b");
        GetResponse unacked = channel.basicGet(queue, false);

        assertThat(channel.queuePurge(queue).getMessageCount()).isOne();
        channel.basicReject(unacked.getEnvelope().getDeliveryTag(), true);

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void purgingMissingQueueClosesChannel() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();

        assertThatChannelCloses(
                channel,
                () -> channel.queuePurge(queue),
                404,
                "NOT_FOUND - no queue '" + queue + "' in vhost '/'",
                50,
                30);
    }
}
