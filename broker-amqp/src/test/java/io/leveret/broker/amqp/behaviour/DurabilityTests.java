package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.DurableBroker.drain;
import static io.leveret.broker.amqp.behaviour.TestBroker.awaitReady;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.journal.InMemoryMessageJournal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is there again after the broker was stopped and started, and how. */
@Tag("behaviour")
class DurabilityTests {
    private static final int BODY = 64 * 1024;
    private static final AMQP.BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

    @RegisterExtension
    final DurableBroker broker = new DurableBroker();

    private static void publish(Channel channel, String queue, String... bodies) throws IOException {
        publish(channel, queue, PERSISTENT, bodies);
    }

    /** Publishes and waits for the confirms. */
    private static void publish(Channel channel, String queue, AMQP.BasicProperties properties, String... bodies)
            throws IOException {
        Channel confirming = channel.getConnection().createChannel();
        Confirms confirms = Confirms.select(confirming);
        for (String body : bodies) {
            confirming.basicPublish("", queue, properties, bytes(body));
        }
        confirms.awaitAcked(bodies.length);
        confirming.abort();
    }

    @Test
    void persistentMessagesAreThereInOrderAndOthersAreNot() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a", "b");
        publish(channel, queue, MessageProperties.MINIMAL_BASIC, "transient");
        publish(channel, queue, "c");

        broker.restart();

        assertThat(drain(broker.channel(), queue)).containsExactly("a", "b", "c");
    }

    @Test
    void aMessageIsAsItWasPublished() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .deliveryMode(2)
                .contentType("text/plain")
                .contentEncoding("utf-8")
                .headers(Map.of("text", "value", "number", 7L, "nested", Map.of("flag", true)))
                .priority(3)
                .correlationId("c")
                .replyTo("r")
                .expiration("3600000")
                .messageId("m")
                .timestamp(new Date(1_700_000_000_000L))
                .type("t")
                .userId("guest")
                .appId("app")
                .build();
        publish(channel, queue, properties, "a");

        broker.restart();

        GetResponse got = broker.channel().basicGet(queue, true);
        AMQP.BasicProperties back = got.getProps();
        assertThat(text(got.getBody())).isEqualTo("a");
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo(queue);
        assertThat(back.getHeaders()).hasSize(3).containsEntry("number", 7L);
        assertThat(((LongString) back.getHeaders().get("text")).toString()).isEqualTo("value");
        assertThat(back.getHeaders().get("nested")).isEqualTo(Map.of("flag", true));
        assertThat(back)
                .usingRecursiveComparison()
                .ignoringFields("headers", "bodySize")
                .isEqualTo(properties);
    }

    @Test
    void whatWasAcknowledgedIsGone() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a", "b", "c", "d", "e");
        Deliveries deliveries = Deliveries.of(channel, queue);
        List<Delivery> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(deliveries.next());
        }
        channel.basicAck(all.get(1).getEnvelope().getDeliveryTag(), true);
        channel.basicReject(all.get(3).getEnvelope().getDeliveryTag(), false);
        channel.queueDeclarePassive(queue);

        broker.restart();

        assertThat(drain(broker.channel(), queue)).containsExactly("c*", "e*");
    }

    @Test
    void onlyWhatWasHandedOutIsRedelivered() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a", "b", "c", "d");
        channel.basicGet(queue, false);
        channel.basicGet(queue, false);
        channel.basicNack(2, false, true);

        broker.restart();

        assertThat(drain(broker.channel(), queue)).containsExactly("a*", "b*", "c", "d");
    }

    @Test
    void nothingIsMarkedThatWasNotHandedOutBeforeTheSecondRestart() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a", "b");
        channel.basicGet(queue, false);
        broker.restart();
        publish(broker.channel(), queue, "c");

        broker.restart();

        assertThat(drain(broker.channel(), queue)).containsExactly("a*", "b", "c");
    }

    @Test
    void afterACrashEverythingIsRedeliveredAndNothingConfirmedIsLost() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a", "b", "c");
        channel.basicGet(queue, false);

        broker.crash();

        Channel again = broker.channel();
        publish(again, queue, "d");
        assertThat(drain(again, queue)).containsExactly("a*", "b*", "c*", "d");
    }

    @Test
    void priorities() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-priority", 5));
        for (int i = 0; i < 6; i++) {
            publish(
                    channel,
                    queue,
                    PERSISTENT.builder().priority(i % 3).build(),
                    "priority " + i % 3 + " number " + i / 3);
        }
        channel.basicGet(queue, false);

        broker.restart();

        assertThat(drain(broker.channel(), queue))
                .containsExactly(
                        "priority 2 number 0*",
                        "priority 2 number 1",
                        "priority 1 number 0",
                        "priority 1 number 1",
                        "priority 0 number 0",
                        "priority 0 number 1");
    }

    @Test
    void timeGoesOnWhileTheBrokerIsDown() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        String byQueue = broker.queue(channel, Map.of("x-message-ttl", 1_500));
        long published = System.nanoTime();
        publish(channel, queue, PERSISTENT.builder().expiration("1500").build(), "a");
        publish(channel, queue, PERSISTENT.builder().expiration("3600000").build(), "b");
        publish(channel, byQueue, "c");

        broker.restart(() -> await("the time to live")
                .atMost(Duration.ofSeconds(60))
                .until(() -> System.nanoTime() - published > 1_600_000_000L));

        assertThat(drain(broker.channel(), queue)).containsExactly("b");
        assertThat(drain(broker.channel(), byQueue)).isEmpty();
    }

    @Test
    void aMessageStillExpiresAfterTheRestart() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-message-ttl", 6_000));
        publish(channel, queue, "a");

        broker.restart();

        awaitReady(broker.channel(), queue, 0);
    }

    @Test
    void lengthLimitsHold() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel, Map.of("x-max-length", 3));
        publish(channel, queue, "a", "b", "c", "d");

        broker.restart();

        Channel again = broker.channel();
        publish(again, queue, "e");
        assertThat(drain(again, queue)).containsExactly("c", "d", "e");
    }

    @Test
    void aCommittedTransactionIsThere() throws IOException {
        Channel channel = broker.channel();
        String work = broker.queue(channel);
        String results = broker.queue(channel);
        publish(channel, work, "a", "b");
        Channel tx = channel.getConnection().createChannel();
        tx.txSelect();
        tx.basicPublish("", results, PERSISTENT, bytes("result of a"));
        tx.basicAck(tx.basicGet(work, false).getEnvelope().getDeliveryTag(), false);
        tx.txCommit();
        tx.basicPublish("", results, PERSISTENT, bytes("result of b"));
        tx.basicAck(tx.basicGet(work, false).getEnvelope().getDeliveryTag(), false);

        broker.restart();

        Channel again = broker.channel();
        assertThat(drain(again, work)).containsExactly("b*");
        assertThat(drain(again, results)).containsExactly("result of a");
    }

    @Test
    void aQueueOfTheSameNameDoesNotInheritFromADeletedOne() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a");
        channel.queueDelete(queue);
        channel.queueDeclare(queue, true, false, false, null);
        publish(channel, queue, "b");

        broker.restart();

        assertThat(drain(broker.channel(), queue)).containsExactly("b");
    }

    @Test
    void aPurgedQueueIsEmpty() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        publish(channel, queue, "a", "b");
        channel.basicGet(queue, false);
        channel.queuePurge(queue);

        broker.restart();

        assertThat(drain(broker.channel(), queue)).containsExactly("a*");
    }

    // ---- what ours does while its disk is slow

    @Test
    void manySmallMessagesAreConfirmedWhenASlowCommitHasWrittenThem() throws IOException {
        InMemoryMessageJournal journal = broker.journal();
        Channel channel = broker.channel();
        String near = broker.queue(channel);
        String far = broker.queue(broker.channel());
        Confirms confirms = Confirms.select(channel);
        journal.blockCommits();
        for (int i = 0; i < 5_000; i++) {
            channel.basicPublish("", i % 2 == 0 ? near : far, PERSISTENT, bytes("" + i));
        }
        channel.queueDeclarePassive(near);
        channel.queueDeclarePassive(far);
        assertThat(confirms.outcomes(0)).isEmpty();

        journal.releaseCommits();

        confirms.awaitAcked(5_000);
        broker.crash();
        Channel again = broker.channel();
        assertThat(again.messageCount(near)).isEqualTo(2_500);
        assertThat(again.messageCount(far)).isEqualTo(2_500);
    }

    @Test
    void whatAConsumerAcksBeforeItIsWrittenIsConfirmedAtOnce() throws IOException {
        InMemoryMessageJournal journal = broker.journal();
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Confirms confirms = Confirms.select(channel);
        journal.blockCommits();
        for (int i = 0; i < 100; i++) {
            channel.basicPublish("", queue, PERSISTENT, bytes("" + i));
        }
        Channel consuming = broker.channel();
        Deliveries deliveries = Deliveries.of(consuming, queue);
        deliveries.nextBodies(99);
        consuming.basicAck(deliveries.nextTag(), true);

        confirms.awaitAcked(100);
        journal.releaseCommits();
        broker.restart();
        assertThat(drain(broker.channel(), queue)).isEmpty();
    }

    @Test
    void aPublisherWaitsForTheDiskAndNobodyElseDoes() throws Exception {
        InMemoryMessageJournal journal = broker.journal();
        Channel setup = broker.channel();
        String queue = broker.queue(setup);
        publish(setup, queue, "to be acked");
        Channel consuming = broker.channel();
        Deliveries deliveries = Deliveries.of(consuming, queue);
        long tag = deliveries.nextTag();
        consuming.basicCancel(deliveries.tag());
        journal.blockCommits();
        Channel publishing =
                broker.connect(factory -> factory.setRequestedHeartbeat(1)).createChannel();
        AtomicInteger published = new AtomicInteger();
        Thread publisher = publishUntilClosed(publishing, queue, published);
        int stoppedAt = awaitStandstill(published);
        assertThat((long) stoppedAt * BODY).as("bytes taken").isLessThan(128L << 20);

        consuming.basicAck(tag, false);
        String other = consuming.queueDeclare().getQueue();
        publish(consuming, other, MessageProperties.MINIMAL_BASIC, "transient");
        assertThat(drain(consuming, other)).containsExactly("transient");
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        await("longer than three heartbeats").until(() -> System.nanoTime() > end);
        assertThat(publishing.isOpen()).isTrue();

        journal.releaseCommits();
        await("more publishes").until(() -> published.get() > stoppedAt + 100);
        publishing.getConnection().abort(1_000);
        publisher.join(10_000);
        assertThat(publisher.isAlive()).isFalse();
    }

    private static Thread publishUntilClosed(Channel channel, String queue, AtomicInteger published) {
        Thread publisher = new Thread(() -> {
            byte[] body = new byte[BODY];
            try {
                while (channel.isOpen()) {
                    channel.basicPublish("", queue, PERSISTENT, body);
                    published.incrementAndGet();
                }
            } catch (IOException | AlreadyClosedException closed) {
                // the test is over
            }
        });
        publisher.start();
        return publisher;
    }

    /** Waits until nothing was published for half a second. */
    private static int awaitStandstill(AtomicInteger published) {
        int[] last = {-1};
        await("a standstill")
                .pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    int now = published.get();
                    boolean stands = now == last[0];
                    last[0] = now;
                    return stands && now > 0;
                });
        return last[0];
    }
}
