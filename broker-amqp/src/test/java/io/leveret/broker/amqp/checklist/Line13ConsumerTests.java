package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatConnectionCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * More: {@code behaviour.ConsumerPriorityTests}, {@code ConsumerTests}, {@code SingleActiveConsumerTests},
 * {@code ExclusiveConsumerTests}.
 */
@Tag("behaviour")
@DisplayName("13.13 Priority consumers, round robin, single active consumer, exclusive consumer, tag reuse")
class Line13ConsumerTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    @DisplayName("the highest priority gets all it can take, then the next")
    void priorities() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicQos(2);
        Deliveries low = consume(channel, queue, Map.of("x-priority", -1));
        Deliveries middle = Deliveries.of(channel, queue);
        Deliveries high = consume(channel, queue, Map.of("x-priority", 5L));

        TestBroker.publish(channel, queue, "1", "2", "3", "4", "5");

        assertThat(high.nextBodies(2)).containsExactly("1", "2");
        assertThat(middle.nextBodies(2)).containsExactly("3", "4");
        assertThat(low.nextBodies(1)).containsExactly("5");
    }

    @Test
    @DisplayName("equal priorities take turns")
    void roundRobin() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        List<Deliveries> consumers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            consumers.add(Deliveries.noAck(broker.channelOnNewConnection(), queue));
        }

        for (int i = 0; i < 9; i++) {
            TestBroker.publish(channel, queue, "" + i);
        }

        for (Deliveries consumer : consumers) {
            List<String> bodies = consumer.nextBodies(3);
            int first = Integer.parseInt(bodies.get(0));
            assertThat(bodies).containsExactly("" + first, "" + (first + 3), "" + (first + 6));
        }
    }

    @ParameterizedTest
    @CsvSource({"cancel", "close channel", "drop connection"})
    @DisplayName(
            "single active consumer: one at a time, the next takes over in order of priority, then registration, on")
    void singleActiveConsumer(String end) throws IOException {
        Channel publisher = broker.channel();
        String queue = broker.queue(publisher, Map.of("x-single-active-consumer", true));
        List<Deliveries> consumers = new ArrayList<>();
        for (int priority : List.of(0, 0, 5, 0)) {
            consumers.add(consume(broker.channelOnNewConnection(), queue, Map.of("x-priority", priority)));
        }

        for (int active : List.of(0, 2, 1, 3)) {
            TestBroker.publish(publisher, queue, "for " + active);
            Deliveries consumer = consumers.get(active);
            long tag = consumer.nextTag();
            for (Deliveries other : consumers) {
                assertThat(other.waiting()).isZero();
            }
            consumer.getChannel().basicAck(tag, false);
            switch (end) {
                case "cancel" -> consumer.getChannel().basicCancel(consumer.tag());
                case "close channel" -> consumer.getChannel().abort();
                default -> {
                    // The ack must have arrived; a request on the same channel proves it.
                    consumer.getChannel().basicQos(0);
                    broker.drop(consumer.getChannel().getConnection());
                }
            }
        }
    }

    @ParameterizedTest(name = "second consumer exclusive: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("an exclusive consumer keeps others out with 403")
    void exclusiveConsumer(boolean exclusive) throws IOException {
        Channel owner = broker.channel();
        String queue = broker.queue(owner);
        owner.basicConsume(queue, false, "", false, true, null, new Deliveries(owner));
        Channel channel = broker.channelOnNewConnection();

        assertThatChannelCloses(
                channel,
                () -> channel.basicConsume(queue, false, "", false, exclusive, null, new Deliveries(channel)),
                403,
                "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
                60,
                20);
    }

    @Test
    @DisplayName("an exclusive consumer is refused where there is another, and on a single active consumer queue")
    void exclusiveConsumerRefused() throws IOException {
        Channel owner = broker.channel();
        String shared = broker.queue(owner);
        Deliveries.of(owner, shared);
        String single = broker.queue(owner, Map.of("x-single-active-consumer", true));
        for (String queue : List.of(shared, single)) {
            Channel channel = broker.channelOnNewConnection();
            assertThatChannelCloses(
                    channel,
                    () -> channel.basicConsume(queue, false, "", false, true, null, new Deliveries(channel)),
                    403,
                    "ACCESS_REFUSED - queue '" + queue + "' in vhost '/' in exclusive use",
                    60,
                    20);
        }
    }

    @Test
    @DisplayName("a tag in use closes the connection with 530")
    void tagReuse() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicConsume(queue, true, "tag", new Deliveries(channel));
        Channel sibling = broker.channel();
        sibling.basicConsume(queue, true, "tag", new Deliveries(sibling));

        assertThatConnectionCloses(
                channel.getConnection(),
                () -> channel.basicConsume(queue, true, "tag", new Deliveries(channel)),
                530,
                "NOT_ALLOWED - attempt to reuse consumer tag 'tag'",
                60,
                20);
    }

    private static Deliveries consume(Channel channel, String queue, Map<String, Object> arguments) throws IOException {
        Deliveries deliveries = new Deliveries(channel);
        channel.basicConsume(queue, false, arguments, deliveries);
        return deliveries;
    }
}
