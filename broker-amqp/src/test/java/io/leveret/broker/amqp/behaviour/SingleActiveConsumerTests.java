package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class SingleActiveConsumerTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void onlyTheFirstConsumerGetsMessages() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        Deliveries first = Deliveries.noAck(channel, queue);
        Deliveries second = Deliveries.noAck(broker.channel(), queue);

        TestBroker.publish(channel, queue, "a", "b", "c");

        assertThat(first.nextBodies(3)).containsExactly("a", "b", "c");
        second.assertNoMore();
    }

    @Test
    void nextConsumerTakesOverWhenTheActiveOneIsCancelled() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        Deliveries first = Deliveries.of(channel, queue);
        Deliveries second = Deliveries.noAck(channel, queue);
        Deliveries third = Deliveries.noAck(channel, queue);
        TestBroker.publish(channel, queue, "a");
        long tag = first.nextTag();

        channel.basicCancel(first.tag());
        TestBroker.publish(channel, queue, "b");

        assertThat(second.nextBody()).isEqualTo("b");
        third.assertNoMore();
        channel.basicAck(tag, false);
        channel.basicQos(1);
        assertThat(channel.isOpen()).as("acked after failover").isTrue();
    }

    @Test
    void nextConsumerGetsWhatTheClosedChannelLeftUnacked() throws IOException, TimeoutException {
        Channel channel = broker.channel();
        Channel sibling = broker.channel();
        String queue = queue(channel);
        Deliveries first = Deliveries.of(channel, queue);
        Deliveries second = Deliveries.of(sibling, queue);
        TestBroker.publish(channel, queue, "a", "b");
        first.nextBodies(2);

        channel.close();

        assertThat(second.nextBodies(2)).containsExactly("a", "b");
    }

    @Test
    void nextConsumerTakesOverWhenTheConnectionIsLost() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        Connection lost = broker.connect();
        Deliveries first = Deliveries.of(lost.createChannel(), queue);
        Deliveries second = Deliveries.noAck(channel, queue);
        TestBroker.publish(channel, queue, "a", "b");
        first.nextBodies(2);

        broker.drop(lost);
        TestBroker.publish(channel, queue, "c");

        assertThat(second.nextBodies(3)).containsExactly("a", "b", "c");
    }

    @Test
    void getTakesWhatTheActiveConsumerCanNot() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        channel.basicQos(1);
        Deliveries first = Deliveries.of(channel, queue);
        Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a", "b");
        first.next();
        TestBroker.awaitReady(channel, queue, 1);

        assertThat(TestBroker.drain(broker.channel(), queue)).containsExactly("b");
    }

    @Test
    void busyActiveConsumerIsNotHelpedByTheOthers() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        channel.basicQos(1);
        Deliveries first = Deliveries.of(channel, queue);
        Deliveries second = Deliveries.of(channel, queue);

        TestBroker.publish(channel, queue, "a", "b");

        first.next();
        first.assertNoMore();
        second.assertNoMore();
    }

    @Test
    void newConsumerOfHigherPriorityDoesNotTakeOver() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        Deliveries first = Deliveries.noAck(channel, queue);
        Deliveries second = new Deliveries(channel);
        channel.basicConsume(queue, true, Map.of("x-priority", 10), second);

        TestBroker.publish(channel, queue, "a");

        assertThat(first.nextBody()).isEqualTo("a");
        second.assertNoMore();
    }

    @Test
    void highestPriorityIsActivatedNext() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        Deliveries first = Deliveries.noAck(channel, queue);
        Deliveries low = Deliveries.noAck(channel, queue);
        Deliveries high = new Deliveries(channel);
        channel.basicConsume(queue, true, Map.of("x-priority", 10), high);

        channel.basicCancel(first.tag());
        TestBroker.publish(channel, queue, "a");

        assertThat(high.nextBody()).isEqualTo("a");
        low.assertNoMore();
    }

    @Test
    void getIsAllowed() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel);
        TestBroker.publish(channel, queue, "a");

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    private String queue(Channel channel) throws IOException {
        return broker.queue(channel, Map.of("x-single-active-consumer", true));
    }
}
