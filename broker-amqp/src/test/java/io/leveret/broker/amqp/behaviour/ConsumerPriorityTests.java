package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class ConsumerPriorityTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void highestPriorityGetsEverythingWhileItCan() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries low = consume(channel, queue, -5, true);
        Deliveries middle = Deliveries.noAck(channel, queue);
        Deliveries high = consume(channel, queue, 10, true);

        TestBroker.publish(channel, queue, "a", "b", "c");

        assertThat(high.nextBodies(3)).containsExactly("a", "b", "c");
        middle.assertNoMore();
        low.assertNoMore();
    }

    @Test
    void lowerPriorityGetsTheRestWhenTheHigherIsBusy() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(1);
        Deliveries low = consume(channel, queue, 1, false);
        Deliveries high = consume(channel, queue, 2, false);

        TestBroker.publish(channel, queue, "a", "b", "c");
        assertThat(high.nextBody()).isEqualTo("a");
        assertThat(low.nextBody()).isEqualTo("b");
        channel.basicAck(1, false);

        assertThat(high.nextBody()).isEqualTo("c");
        low.assertNoMore();
    }

    @Test
    void equalPrioritiesTakeTurns() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries low = Deliveries.noAck(channel, queue);
        Deliveries one = consume(channel, queue, 3, true);
        Deliveries two = consume(channel, queue, 3, true);

        TestBroker.publish(channel, queue, "a", "b", "c", "d");

        await().until(() -> one.waiting() == 2 && two.waiting() == 2);
        low.assertNoMore();
    }

    @Test
    void lowerPriorityTakesOverWhenTheHigherIsCancelled() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries low = Deliveries.noAck(channel, queue);
        Deliveries high = consume(channel, queue, 1, true);

        channel.basicCancel(high.tag());
        TestBroker.publish(channel, queue, "a");

        assertThat(low.nextBody()).isEqualTo("a");
    }

    @Test
    void anyIntegerTypeIsAccepted() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        for (Object priority : new Object[] {(byte) 1, (short) 2, 3, 4L, -5}) {
            channel.basicConsume(queue, false, Map.of("x-priority", priority), new Deliveries(channel));
        }

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void rejectsPriorityThatIsNotInteger() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);

        assertThatChannelCloses(
                channel,
                () -> channel.basicConsume(queue, false, Map.of("x-priority", "high"), new Deliveries(channel)),
                406,
                "PRECONDITION_FAILED - invalid arg 'x-priority' for queue '" + queue
                        + "' in vhost '/': \"expected integer, got longstr\"",
                60,
                20);
    }

    private static Deliveries consume(Channel channel, String queue, int priority, boolean noAck) throws IOException {
        Deliveries deliveries = new Deliveries(channel);
        channel.basicConsume(queue, noAck, Map.of("x-priority", priority), deliveries);
        return deliveries;
    }
}
