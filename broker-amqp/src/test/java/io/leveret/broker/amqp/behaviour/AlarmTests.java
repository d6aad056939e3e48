package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.TestBroker.awaitReady;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.drain;
import static io.leveret.broker.amqp.behaviour.TestBroker.publish;
import static io.leveret.broker.amqp.behaviour.TestBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Memory and disk alarms: who is stopped by them, who is told, and what goes on. */
@Tag("behaviour")
class AlarmTests {
    private static final long SILENCE_MILLIS = 200;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void aPublisherIsToldAndItsMessageArrivesWhenTheAlarmIsOver() throws Exception {
        Publisher publisher = new Publisher();
        Channel other = broker.channelOnNewConnection();
        broker.alarms().memory(true);
        publish(publisher.channel, publisher.queue, "one", "two");
        assertThat(publisher.next()).isEqualTo("blocked: low on memory");
        assertThat(publisher.nextIfAny()).isNull();
        assertThat(other.messageCount(publisher.queue)).isZero();

        broker.alarms().memory(false);
        assertThat(publisher.next()).isEqualTo("unblocked");
        awaitReady(other, publisher.queue, 2);
        assertThat(drain(other, publisher.queue)).containsExactly("one", "two");
        assertThat(publisher.nextIfAny()).isNull();
    }

    @Test
    void theReasonNamesTheDisk() throws Exception {
        Publisher publisher = new Publisher();
        broker.alarms().disk(true);
        publish(publisher.channel, publisher.queue, "one");
        assertThat(publisher.next()).isEqualTo("blocked: low on disk");
    }

    @Test
    void theReasonNamesDiskAndMemory() throws Exception {
        Publisher publisher = new Publisher();
        broker.alarms().disk(true);
        broker.alarms().memory(true);
        publish(publisher.channel, publisher.queue, "one");
        assertThat(publisher.next()).isEqualTo("blocked: low on disk & memory");
    }

    @Test
    void unblocksOnlyWhenAllAlarmsAreOver() throws Exception {
        Publisher publisher = new Publisher();
        broker.alarms().disk(true);
        broker.alarms().memory(true);
        publish(publisher.channel, publisher.queue, "one");
        assertThat(publisher.next()).isEqualTo("blocked: low on disk & memory");
        broker.alarms().memory(false);
        assertThat(publisher.nextIfAny()).isNull();
        broker.alarms().disk(false);
        assertThat(publisher.next()).isEqualTo("unblocked");
    }

    @Test
    void isBlockedAgainByTheNextAlarmOnceItPublishes() throws Exception {
        Publisher publisher = new Publisher();
        broker.alarms().memory(true);
        publish(publisher.channel, publisher.queue, "one");
        assertThat(publisher.next()).startsWith("blocked");
        broker.alarms().memory(false);
        assertThat(publisher.next()).isEqualTo("unblocked");

        broker.alarms().memory(true);
        assertThat(publisher.channel.isOpen()).isTrue();
        publisher.channel.queueDeclarePassive(publisher.queue);
        assertThat(publisher.nextIfAny()).isNull();
        publish(publisher.channel, publisher.queue, "two");
        assertThat(publisher.next()).isEqualTo("blocked: low on memory");
    }

    @Test
    void connectionsThatOnlyConsumeGoOn() throws Exception {
        Publisher publisher = new Publisher();
        publish(publisher.channel, publisher.queue, "one", "two", "three");
        awaitReady(publisher.channel, publisher.queue, 3);
        Channel consuming = broker.channelOnNewConnection();
        broker.alarms().memory(true);

        consuming.basicQos(1);
        Deliveries deliveries = Deliveries.of(consuming, publisher.queue);
        for (String body : new String[] {"one", "two", "three"}) {
            var delivery = deliveries.next();
            assertThat(text(delivery.getBody())).isEqualTo(body);
            consuming.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        }
        consuming.queueDeclarePassive(publisher.queue);
        consuming.getConnection().close(5_000);
    }

    @Test
    void newConnectionsAreTakenAndBlockedWhenTheyPublish() throws Exception {
        broker.alarms().memory(true);
        Publisher publisher = new Publisher();
        assertThat(publisher.nextIfAny()).isNull();
        publish(publisher.channel, publisher.queue, "one");
        assertThat(publisher.next()).isEqualTo("blocked: low on memory");
    }

    @Test
    void deliveriesToABlockedConnectionGoOn() throws Exception {
        Publisher publisher = new Publisher();
        publish(publisher.channel, publisher.queue, "one");
        awaitReady(publisher.channel, publisher.queue, 1);
        Channel other = broker.channelOnNewConnection();
        GetResponse fetched = other.basicGet(publisher.queue, false);
        Deliveries deliveries = Deliveries.noAck(publisher.channel, publisher.queue);
        broker.alarms().memory(true);
        publish(publisher.channel, "nowhere", "stopped");
        assertThat(publisher.next()).startsWith("blocked");

        other.basicReject(fetched.getEnvelope().getDeliveryTag(), true);
        assertThat(text(deliveries.next().getBody())).isEqualTo("one");
    }

    @Test
    void confirmsComeWhenTheAlarmIsOver() throws Exception {
        Publisher publisher = new Publisher();
        publisher.channel.confirmSelect();
        broker.alarms().memory(true);
        publisher.channel.basicPublish("", publisher.queue, null, bytes("one"));
        assertThat(publisher.next()).startsWith("blocked");
        broker.alarms().memory(false);
        publisher.channel.waitForConfirmsOrDie(60_000);
    }

    @Test
    void aBlockedPublisherThatGoesLeavesNothingBehind() throws Exception {
        Publisher publisher = new Publisher();
        Channel other = broker.channelOnNewConnection();
        String exclusive = publisher.channel.queueDeclare().getQueue();
        broker.alarms().memory(true);
        publish(publisher.channel, publisher.queue, "one");
        assertThat(publisher.next()).startsWith("blocked");
        broker.drop(publisher.connection);
        broker.alarms().memory(false);
        await().until(() -> !TestBroker.queueExists(other.getConnection(), exclusive));
    }

    /** A connection that notes what it is told about alarms. */
    private final class Publisher {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        final Connection connection = broker.connect();
        final Channel channel = connection.createChannel();
        final String queue = broker.queue(channel);

        Publisher() throws IOException {
            connection.addBlockedListener(new BlockedListener() {
                @Override
                public void handleBlocked(String reason) {
                    told.add("blocked: " + reason);
                }

                @Override
                public void handleUnblocked() {
                    told.add("unblocked");
                }
            });
        }

        @Nullable String next() throws InterruptedException {
            return told.poll(60, TimeUnit.SECONDS);
        }

        @Nullable String nextIfAny() throws InterruptedException {
            return told.poll(SILENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
