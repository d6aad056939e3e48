package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More: {@code behaviour.PrefetchTests}. */
@Tag("behaviour")
@DisplayName("13.12 Prefetch")
class Line12PrefetchTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    enum Settlement {
        ACK,
        NACK,
        REJECT,
        REQUEUE;

        void settle(Channel channel, long tag) throws IOException {
            switch (this) {
                case ACK -> channel.basicAck(tag, false);
                case NACK -> channel.basicNack(tag, false, false);
                case REJECT -> channel.basicReject(tag, false);
                case REQUEUE -> channel.basicNack(tag, false, true);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("each consumer has its own window, which is reopened by")
    void windowOfEachConsumer(Settlement settlement) throws IOException {
        Channel channel = broker.channel();
        String one = queueOf(10);
        String two = queueOf(10);
        channel.basicQos(2);
        Deliveries first = Deliveries.of(channel, one);
        Deliveries second = Deliveries.of(channel, two);

        long tag = first.nextTag();
        first.next();
        second.nextBodies(2);
        first.assertNoMore();
        second.assertNoMore();
        settlement.settle(channel, tag);

        first.next();
        first.assertNoMore();
        assertThat(second.waiting()).isZero();
    }

    @Test
    @DisplayName("qos between two consumes applies to the second alone")
    void changeBetweenConsumes() throws IOException {
        Channel channel = broker.channel();
        channel.basicQos(3);
        Deliveries three = Deliveries.of(channel, queueOf(10));
        channel.basicQos(1);
        Deliveries one = Deliveries.of(channel, queueOf(10));

        three.nextBodies(3);
        three.assertNoMore();
        one.next();
        one.assertNoMore();
    }

    @Test
    @DisplayName("qos 0 is no limit")
    void zeroIsNoLimit() throws IOException {
        Channel channel = broker.channel();
        channel.basicQos(1);
        channel.basicQos(0);

        assertThat(Deliveries.of(channel, queueOf(50)).nextBodies(50)).hasSize(50);
    }

    @Test
    @DisplayName("global: one window for the channel, earlier consumers included, lowered as acks come, removed by 0")
    void global() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries deliveries = Deliveries.of(channel, queue);
        channel.basicQos(2, true);
        TestBroker.publish(channel, queue, "1", "2", "3", "4", "5");
        Deliveries later = Deliveries.of(channel, queueOf(3));

        deliveries.nextBodies(2);
        deliveries.assertNoMore();
        later.assertNoMore();
        channel.basicQos(1, true);
        channel.basicAck(1, false);
        deliveries.assertNoMore();
        later.assertNoMore();
        channel.basicQos(0, true);

        deliveries.nextBodies(3);
        later.nextBodies(3);
    }

    @Test
    @DisplayName("no-ack consumers have no window")
    void noAck() throws IOException {
        Channel channel = broker.channel();
        channel.basicQos(1);

        assertThat(Deliveries.noAck(channel, queueOf(50)).nextBodies(50)).hasSize(50);
    }

    @Test
    @DisplayName("get is not limited")
    void get() throws IOException {
        Channel channel = broker.channel();
        channel.basicQos(1);
        String queue = queueOf(3);

        for (int i = 0; i < 3; i++) {
            assertThat(channel.basicGet(queue, false)).isNotNull();
        }
    }

    private String queueOf(int messages) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(
                channel,
                queue,
                IntStream.range(0, messages).mapToObj(i -> "" + i).toArray(String[]::new));
        TestBroker.awaitReady(channel, queue, messages);
        return queue;
    }
}
