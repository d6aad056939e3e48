package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broker with little memory and publishers that nobody throttles. */
class MemoryAlarmIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PUBLISHERS = 2;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} bytes, {1}")
    @CsvSource({"250, -XX:+UseG1GC", "700000, -XX:+UseSerialGC"})
    void neitherRunsOutOfMemoryNorStaysBlocked(int size, String collector) throws Exception {
        // in memory alone: the queues of a persistent broker leave the memory before it runs short
        try (BrokerProcess broker = BrokerProcess.startWith(
                List.of("-Xmx256m", collector, "-XX:+ExitOnOutOfMemoryError"), folder, "--broker.persistent=false")) {
            Connection consuming = broker.connect();
            Channel control = consuming.createChannel();
            control.queueDeclare("full", false, false, false, null);
            List<Publisher> publishers = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                publishers.add(new Publisher(broker.connect(), new byte[size]));
            }

            publishers.forEach(Publisher::start);
            awaitBlocked(publishers);
            assertThat(broker.get("/actuator/health").body())
                    .contains("\"status\":\"UP\"")
                    .contains("\"alarms\":[\"memory\"]");
            assertThat(control.messageCount("full")).isPositive();

            Deliveries deliveries = new Deliveries(control);
            String tag = control.basicConsume("full", false, deliveries);
            awaitMore(publishers);
            control.basicCancel(tag);
            assertThat(deliveries.received.get()).isPositive();
            awaitBlocked(publishers);

            control.queuePurge("full");
            awaitMore(publishers);

            publishers.forEach(Publisher::end);
            assertThat(broker.log()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
            assertThat(broker.get("/actuator/health").statusCode()).isEqualTo(200);
        }
    }

    /** Their messages are not to be kept, and are on disk all the same when there are too many of them. */
    @ParameterizedTest(name = "{0} bytes, {1}")
    @CsvSource({"250, -XX:+UseG1GC", "700000, -XX:+UseSerialGC"})
    void aQueueOfAPersistentBrokerMayBeLongerThanItsHeap(int size, String collector) throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.startWith(List.of("-Xmx128m", collector, "-XX:+ExitOnOutOfMemoryError"), folder)) {
            Channel control = broker.connect().createChannel();
            control.queueDeclare("full", true, false, false, null);
            List<Publisher> publishers = new ArrayList<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                publishers.add(new Publisher(broker.connect(), new byte[size]));
            }
            publishers.forEach(Publisher::start);
            await().atMost(PATIENCE).until(() -> published(publishers) * size > 300_000_000L);
            for (Publisher publisher : publishers) {
                publisher.finish();
            }

            Deliveries deliveries = new Deliveries(control);
            control.basicQos(1_000_000 / size + 100);
            control.basicConsume("full", false, deliveries);
            awaitAll(published(publishers), deliveries.received);
            assertThat(broker.log()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
        }
    }

    private static long published(List<Publisher> publishers) {
        return publishers.stream()
                .mapToLong(publisher -> publisher.published.get())
                .sum();
    }

    /** As long as it goes on, however slow the machine is. */
    private static void awaitAll(long expected, AtomicLong received) {
        while (received.get() < expected) {
            long before = received.get();
            await().atMost(PATIENCE).until(() -> received.get() > before);
        }
        assertThat(received).hasValue(expected);
    }

    private static void awaitBlocked(List<Publisher> publishers) {
        await().atMost(PATIENCE)
                .until(() ->
                        publishers.stream().allMatch(publisher -> publisher.blocked.get() > publisher.unblocked.get()));
    }

    private static void awaitMore(List<Publisher> publishers) {
        List<Long> before =
                publishers.stream().map(publisher -> publisher.published.get()).toList();
        await().atMost(PATIENCE).until(() -> {
            for (int i = 0; i < before.size(); i++) {
                if (publishers.get(i).published.get() <= before.get(i) + 10) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Acknowledges what comes, many at once if they are small. */
    private static final class Deliveries extends DefaultConsumer {
        private static final long ACK_EVERY_BYTES = 100_000;

        final AtomicLong received = new AtomicLong();
        private long bytes;

        Deliveries(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            received.incrementAndGet();
            bytes += body.length;
            if (bytes > ACK_EVERY_BYTES) {
                bytes = 0;
                getChannel().basicAck(envelope.getDeliveryTag(), true);
            }
        }
    }

    /** Publishes as fast as the socket takes it. */
    private static final class Publisher extends Thread {
        final AtomicInteger blocked = new AtomicInteger();
        final AtomicInteger unblocked = new AtomicInteger();
        final AtomicLong published = new AtomicLong();
        private final Connection connection;
        private final byte[] body;
        private volatile boolean ended;

        Publisher(Connection connection, byte[] body) {
            super("publisher");
            this.connection = connection;
            this.body = body;
            setDaemon(true);
            connection.addBlockedListener(reason -> blocked.incrementAndGet(), unblocked::incrementAndGet);
        }

        @Override
        public void run() {
            try (Channel channel = connection.createChannel()) {
                while (!ended) {
                    channel.basicPublish("", "full", null, body);
                    published.incrementAndGet();
                }
            } catch (Exception e) {
                if (!ended) {
                    throw new IllegalStateException("a publisher failed", e);
                }
            }
        }

        void end() {
            ended = true;
            connection.abort(0);
        }

        /** All that it has published is in the queue. */
        void finish() throws InterruptedException {
            ended = true;
            join(PATIENCE.toMillis());
            assertThat(isAlive()).isFalse();
        }
    }
}
