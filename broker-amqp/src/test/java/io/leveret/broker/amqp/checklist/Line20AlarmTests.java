package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.leveret.broker.amqp.behaviour.Confirms;
import io.leveret.broker.amqp.behaviour.Deliveries;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More: {@code behaviour.AlarmTests}, {@code raw.BlockedConnectionTests}. */
@Tag("behaviour")
@DisplayName("13.20 Alarms")
class Line20AlarmTests {
    /** How long nothing must happen. */
    private static final Duration SILENCE = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @AfterEach
    void alarmsOff() throws IOException {
        broker.alarms().memory(false);
        broker.alarms().disk(false);
    }

    @Test
    @DisplayName("a connection that only consumes is unaffected: deliveries, acks, requests, opening")
    void consumerIsUnaffected() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        TestBroker.publish(channel, queue, "1", "2", "3");
        TestBroker.awaitReady(channel, queue, 3);

        broker.alarms().memory(true);

        Channel consumer = broker.channelOnNewConnection();
        BlockingQueue<String> events = events(consumer.getConnection());
        consumer.basicQos(1);
        Deliveries deliveries = Deliveries.of(consumer, queue);
        for (int i = 1; i <= 3; i++) {
            var delivery = deliveries.next();
            assertThat(TestBroker.text(delivery.getBody())).isEqualTo("" + i);
            consumer.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        }
        broker.queue(consumer);
        assertThat(events).isEmpty();
    }

    @Test
    @DisplayName("a publisher is blocked once, its message waits, and is unblocked once when all alarms are off")
    void publisherIsBlockedOnce() throws Exception {
        Channel witness = broker.channel();
        String queue = broker.queue(witness);
        Channel publisher = broker.channelOnNewConnection();
        BlockingQueue<String> events = events(publisher.getConnection());
        Confirms confirms = Confirms.select(publisher);

        broker.alarms().memory(true);
        assertThat(events).as("before it publishes").isEmpty();
        TestBroker.publish(publisher, queue, "1", "2", "3");

        assertThat(next(events)).isEqualTo("blocked low on memory");
        broker.alarms().disk(true);
        broker.alarms().memory(false);
        assertThat(events.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS))
                .as("while an alarm is on")
                .isNull();
        assertThat(witness.messageCount(queue)).isZero();

        broker.alarms().disk(false);
        assertThat(next(events)).isEqualTo("unblocked");
        confirms.awaitAcked(3);
        assertThat(TestBroker.drain(witness, queue)).containsExactly("1", "2", "3");
        assertThat(events).isEmpty();
    }

    @Test
    @DisplayName("a connection made while an alarm is on is blocked as well, the reason names all alarms")
    void newConnection() throws Exception {
        broker.alarms().disk(true);
        Channel first = broker.channelOnNewConnection();
        BlockingQueue<String> ofFirst = events(first.getConnection());
        String queue = broker.queue(first);
        TestBroker.publish(first, queue, "1");
        assertThat(next(ofFirst)).isEqualTo("blocked low on disk");

        broker.alarms().memory(true);
        Channel second = broker.channelOnNewConnection();
        BlockingQueue<String> ofSecond = events(second.getConnection());
        TestBroker.publish(second, queue, "2");
        assertThat(next(ofSecond)).isEqualTo("blocked low on disk & memory");
    }

    @Test
    @DisplayName("the socket of a blocked connection is not read: requests and acks stall, deliveries go on")
    void nothingIsRead() throws Exception {
        Channel witness = broker.channel();
        String queue = broker.queue(witness);
        TestBroker.publish(witness, queue, "1", "2");
        TestBroker.awaitReady(witness, queue, 2);
        String live = broker.queue(witness);
        Channel channel = broker.channelOnNewConnection();
        Channel other = channel.getConnection().createChannel();
        BlockingQueue<String> events = events(channel.getConnection());
        channel.basicQos(1);
        Deliveries deliveries = Deliveries.of(channel, queue);
        Deliveries unlimited = Deliveries.noAck(other, live);
        unlimited.tag();
        long tag = deliveries.nextTag();
        broker.alarms().memory(true);
        TestBroker.publish(channel, live, "live");
        assertThat(next(events)).startsWith("blocked");

        channel.basicAck(tag, false);
        CompletableFuture<Long> request = CompletableFuture.supplyAsync(() -> messageCount(other, queue));

        deliveries.assertNoMore();
        assertThat(unlimited.waiting()).isZero();
        assertThat(request).isNotDone();

        broker.alarms().memory(false);
        assertThat(next(events)).isEqualTo("unblocked");
        assertThat(request).succeedsWithin(PATIENCE);
        assertThat(deliveries.nextBody()).isEqualTo("2");
        assertThat(unlimited.nextBody()).isEqualTo("live");
    }

    @Test
    @DisplayName("without the capability the publisher is blocked without a word")
    void withoutCapability() throws Exception {
        Channel witness = broker.channel();
        String queue = broker.queue(witness);
        Connection connection = broker.connect(factory -> {
            Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
            properties.put("capabilities", Map.of("publisher_confirms", true));
            factory.setClientProperties(properties);
        });
        BlockingQueue<String> events = events(connection);
        Channel publisher = connection.createChannel();
        Confirms confirms = Confirms.select(publisher);

        broker.alarms().memory(true);
        TestBroker.publish(publisher, queue, "1");
        assertThat(events.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS)).isNull();
        assertThat(witness.messageCount(queue)).isZero();

        broker.alarms().memory(false);
        confirms.awaitAcked(1);
        assertThat(events).isEmpty();
    }

    private static Long messageCount(Channel channel, String queue) {
        try {
            return channel.messageCount(queue);
        } catch (IOException e) {
            return fail(e);
        }
    }

    private static BlockingQueue<String> events(Connection connection) {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        connection.addBlockedListener(reason -> events.add("blocked " + reason), () -> events.add("unblocked"));
        return events;
    }

    private static String next(BlockingQueue<String> events) throws InterruptedException {
        String event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return event == null ? "nothing" : event;
    }
}
