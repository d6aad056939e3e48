package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("behaviour")
class ExclusiveConsumerTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsAnyOtherConsumerOut(boolean exclusive) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        consume(channel, queue, true);
        Channel other = broker.channelOnNewConnection();

        assertThatChannelCloses(
                other,
                () -> consume(other, queue, exclusive),
                403,
                "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
                60,
                20);
    }

    @Test
    void isRefusedWhereSomebodyConsumesAlready() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        consume(channel, queue, false);
        Channel other = broker.channel();

        assertThatChannelCloses(
                other,
                () -> consume(other, queue, true),
                403,
                "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
                60,
                20);
    }

    @Test
    void letsOthersInAfterItWasCancelled() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicCancel(consume(channel, queue, true).tag());
        Channel other = broker.channel();

        Deliveries deliveries = consume(other, queue, false);
        TestBroker.publish(channel, queue, "a");

        assertThat(deliveries.nextBody()).isEqualTo("a");
    }

    @Test
    void letsOthersInAfterItsChannelWasClosed() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        consume(channel, queue, true);
        channel.close();

        Channel other = broker.channel();
        consume(other, queue, true);

        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void doesNotKeepGetOut() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(1);
        Deliveries deliveries = consume(channel, queue, true);
        TestBroker.publish(channel, queue, "a", "b");
        deliveries.next();
        TestBroker.awaitReady(channel, queue, 1);

        assertThat(TestBroker.text(
                        broker.channelOnNewConnection().basicGet(queue, true).getBody()))
                .isEqualTo("b");
    }

    @Test
    void isRefusedOnQueueWithSingleActiveConsumer() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-single-active-consumer", true));

        assertThatChannelCloses(
                channel,
                () -> consume(channel, queue, true),
                403,
                "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
                60,
                20);
    }

    private static Deliveries consume(Channel channel, String queue, boolean exclusive) throws IOException {
        Deliveries deliveries = new Deliveries(channel);
        channel.basicConsume(queue, false, "", false, exclusive, null, deliveries);
        return deliveries;
    }
}
