package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.TestBroker.awaitReady;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.drain;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class PriorityQueueTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void theHighestComesFirstAndAmongEqualsTheOldest() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 5);

        publish(channel, queue, "a1", "b5", "c3", "d5", "e0", "f1");

        assertThat(drain(channel, queue)).containsExactly("b5", "d5", "c3", "a1", "f1", "e0");
    }

    @Test
    void moreThanTheHighestCountsAsTheHighest() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 2);

        publish(channel, queue, "a2", "b9", "c1", "d2");

        assertThat(drain(channel, queue)).containsExactly("a2", "b9", "d2", "c1");
    }

    @Test
    void noneIsTheLowest() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 1);

        channel.basicPublish("", queue, null, bytes("none"));
        send(channel, queue, "a0", "b1");

        awaitReady(channel, queue, 3);
        assertThat(drain(channel, queue)).containsExactly("b1", "none", "a0");
    }

    @Test
    void thereMayBe255() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 255);

        for (int priority : new int[] {0, 63, 64, 254, 255, 128}) {
            publish(channel, queue, "" + priority, priority, null);
        }

        awaitReady(channel, queue, 6);
        assertThat(drain(channel, queue)).containsExactly("255", "254", "128", "64", "63", "0");
    }

    @Test
    void aQueueWithoutPrioritiesIgnoresThem() throws IOException {
        Channel channel = broker.channel();
        for (String queue : new String[] {queue(channel, 0), broker.queue(channel)}) {
            publish(channel, queue, "a1", "b9", "c5");
            assertThat(drain(channel, queue)).containsExactly("a1", "b9", "c5");
        }
    }

    @Test
    void whatComesBackTakesItsPlaceAmongItsEquals() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 5);
        publish(channel, queue, "a5", "b5", "c1", "d1");
        GetResponse last = null;
        for (int i = 0; i < 3; i++) {
            last = channel.basicGet(queue, false);
        }
        send(channel, queue, "e5", "f3");

        channel.basicNack(last.getEnvelope().getDeliveryTag(), true, true);

        awaitReady(channel, queue, 6);
        assertThat(drain(channel, queue)).containsExactly("a5", "b5", "e5", "f3", "c1", "d1");
    }

    @Test
    void whatAConsumerHasAlreadyIsNotReordered() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 5);
        channel.basicQos(2);
        Deliveries deliveries = Deliveries.of(channel, queue);
        send(channel, queue, "a1", "b1");
        send(channel, queue, "c1", "d5");

        assertThat(deliveries.nextBody()).isEqualTo("a1");
        long b = deliveries.nextTag();
        awaitReady(channel, queue, 2);
        channel.basicAck(b, true);
        assertThat(deliveries.nextBodies(2)).containsExactly("d5", "c1");
    }

    @Test
    void theHeadThatGivesWayHasTheHighestPriority() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-priority", 5, "x-max-length", 2));

        send(channel, queue, "a1", "b5", "c3", "d5", "e1");

        awaitReady(channel, queue, 2);
        assertThat(drain(channel, queue)).containsExactly("a1", "e1");
    }

    @Test
    void whatExpiresBehindAHigherPriorityStaysUntilItIsTheHead() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 5);
        publish(channel, queue, "high", 5, null);
        publish(channel, queue, "low", 1, "20");
        broker.awaitThatPass(100);

        assertThat(channel.messageCount(queue)).isEqualTo(2);
        assertThat(drain(channel, queue)).containsExactly("high");
    }

    @Test
    @Tag("not-rabbitmq-3.10")
    void anExpiredMessageOfTheHighestPriorityIsNeverFetched() throws IOException {
        Channel channel = broker.channel();
        String queue = queue(channel, 5);
        publish(channel, queue, "low", 1, null);
        publish(channel, queue, "high", 5, "50");

        awaitReady(channel, queue, 1);
        assertThat(drain(channel, queue)).containsExactly("low");
    }

    private String queue(Channel channel, int maxPriority) throws IOException {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-max-priority", maxPriority);
        return broker.queue(channel, arguments);
    }

    /** Publishes bodies whose last character is their priority and waits until all are there. */
    private static void publish(Channel channel, String queue, String... bodies) throws IOException {
        send(channel, queue, bodies);
        awaitReady(channel, queue, bodies.length);
    }

    private static void send(Channel channel, String queue, String... bodies) throws IOException {
        for (String body : bodies) {
            publish(channel, queue, body, body.charAt(body.length() - 1) - '0', null);
        }
    }

    private static void publish(Channel channel, String queue, String body, int priority, @Nullable String expiration)
            throws IOException {
        channel.basicPublish(
                "",
                queue,
                new AMQP.BasicProperties.Builder()
                        .priority(priority)
                        .expiration(expiration)
                        .build(),
                bytes(body));
    }
}
