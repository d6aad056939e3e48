package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whether a queue is there is asked by mandatory publishes, because a passive declare would count as using it. */
@Tag("behaviour")
class QueueExpiryTests {
    private static final int LATER_MILLIS = 600;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void aQueueThatNobodyUsesGoesWithItsMessagesAndBindings() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String target = broker.queue(channel);
        String queue = broker.queue(
                channel,
                Map.of("x-expires", LATER_MILLIS, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", target));
        channel.queueBind(queue, exchange, "");
        publish(channel, queue, "a");

        awaitGone(queue);

        assertThat(TestBroker.queueExists(broker.connection(), queue)).isFalse();
        assertThat(channel.messageCount(target)).as("not dead-lettered").isZero();
        Returns returns = Returns.of(channel);
        channel.basicPublish(exchange, "", true, null, bytes("unroutable"));
        assertThat(returns.next().getBody()).isEqualTo(bytes("unroutable"));
    }

    @Test
    void aQueueOfThatNameCanBeDeclaredAnewInAnotherWay() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-expires", 100));
        publish(channel, queue, "a");
        awaitGone(queue);

        assertThat(channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", 1))
                        .getMessageCount())
                .isZero();
    }

    @Test
    void aConsumerKeepsItAndTheTimeBeginsWhenTheLastIsGone() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-expires", LATER_MILLIS));
        Deliveries first = Deliveries.of(channel, queue);
        Deliveries second = Deliveries.of(channel, queue);
        channel.basicCancel(first.tag());

        awaitGone(broker.queue(channel, Map.of("x-expires", LATER_MILLIS)));

        assertThat(isThere(queue)).isTrue();
        channel.basicCancel(second.tag());
        awaitGone(queue);
    }

    @Test
    void declaringAndFetchingKeepIt() throws IOException {
        Channel channel = broker.channel();
        Map<String, Object> later = Map.of("x-expires", LATER_MILLIS);
        String declared = broker.queue(channel, later);
        String asked = broker.queue(channel, later);
        String fetched = broker.queue(channel, later);
        String idle = broker.queue(channel, later);

        AtomicInteger rounds = new AtomicInteger();
        await("the idle queue is gone")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    channel.queueDeclare(declared, false, false, false, later);
                    channel.queueDeclarePassive(asked);
                    channel.basicGet(fetched, true);
                    rounds.incrementAndGet();
                    return !isThere(idle);
                });

        assertThat(rounds.get()).isGreaterThan(2);
        assertThat(isThere(declared)).isTrue();
        assertThat(isThere(asked)).isTrue();
        assertThat(isThere(fetched)).isTrue();
        awaitGone(declared);
        awaitGone(asked);
        awaitGone(fetched);
    }

    @Test
    void whatWasFetchedAndIsUnackedDoesNotKeepIt() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-expires", LATER_MILLIS));
        Confirms confirms = Confirms.select(channel);
        publish(channel, queue, "a");
        confirms.awaitAcked(1);
        GetResponse a = channel.basicGet(queue, false);

        awaitGone(queue);

        channel.basicAck(a.getEnvelope().getDeliveryTag(), false);
        assertThat(channel.messageCount(broker.queue(channel)))
                .as("the channel is open")
                .isZero();
    }

    private void awaitGone(String queue) {
        await(queue + " is gone")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !isThere(queue));
    }

    private boolean isThere(String queue) throws IOException {
        Channel channel = broker.channel();
        AtomicInteger returned = new AtomicInteger();
        channel.addReturnListener(message -> returned.incrementAndGet());
        Confirms confirms = Confirms.select(channel);
        channel.basicPublish("", queue, true, null, bytes("is it there?"));
        confirms.awaitAcked(1);
        channel.abort();
        return returned.get() == 0;
    }
}
