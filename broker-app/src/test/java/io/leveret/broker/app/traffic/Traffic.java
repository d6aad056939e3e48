package io.leveret.broker.app.traffic;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishers and consumers on lanes, each on a connection of its own, for one life of the broker at most. */
public final class Traffic {
    /** Unacked messages that a consumer may have. */
    public static final int PREFETCH = AckingConsumer.PREFETCH;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connections connections;
    private final Ledger ledger;
    private final List<Lane> lanes;
    private final Random random;
    private final List<Connection> publishing = new ArrayList<>();
    private final List<Connection> consuming = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<AckingConsumer> consumers = new ArrayList<>();
    private final CountDownLatch failure = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();
    private final List<Pulse> pulses = new ArrayList<>();
    private volatile boolean endExpected;
    private volatile int mostBacklog = 1_500;

    public Traffic(Connections connections, Ledger ledger, List<Lane> lanes, long seed) {
        this.connections = connections;
        this.ledger = ledger;
        this.lanes = lanes;
        this.random = new Random(seed);
    }

    /** Makes the queues and exchanges of lanes. */
    public static void declare(Connections connections, List<Lane> lanes) throws IOException, TimeoutException {
        for (Lane lane : lanes) {
            lane.declare(connections);
        }
    }

    /** How many messages each queue has ready. */
    public static Map<String, Integer> counts(Connections connections, List<Lane> lanes)
            throws IOException, TimeoutException {
        Map<String, Integer> counts = new HashMap<>();
        try (Connection connection = connections.open()) {
            Channel channel = connection.createChannel();
            for (Lane lane : lanes) {
                for (String queue : lane.queues()) {
                    counts.put(queue, channel.queueDeclarePassive(queue).getMessageCount());
                }
                if (lane.letters() != null) {
                    counts.put(
                            lane.letters(),
                            channel.queueDeclarePassive(lane.letters()).getMessageCount());
                }
            }
        }
        return counts;
    }

    /** Publishers pause while a queue has this many messages; 1,500 unless told. */
    public Traffic mostBacklog(int messages) {
        mostBacklog = messages;
        return this;
    }

    /** Publishers pause when a queue has this many messages more than the fullest has now. */
    public void mostBacklogFromNow(int messages) {
        mostBacklog = lanes.stream().mapToInt(ledger::backlog).max().orElse(0) + messages;
    }

    int mostBacklog() {
        return mostBacklog;
    }

    public Traffic startConsumers() throws IOException, TimeoutException {
        for (Lane lane : lanes) {
            for (String queue : lane.queues()) {
                for (int i = 0; i < lane.consumers(); i++) {
                    consume(lane, queue, i % 2 == 1);
                }
            }
            if (lane.letters() != null) {
                consume(lane, lane.letters(), true);
            }
        }
        return this;
    }

    private void consume(Lane lane, String queue, boolean ackMany) throws IOException, TimeoutException {
        Connection connection = connections.open();
        consuming.add(connection);
        AckingConsumer consumer = new AckingConsumer(
                connection.createChannel(), ledger, lane, queue, ackMany, new Random(random.nextLong()));
        consumer.start();
        consumers.add(consumer);
    }

    public Traffic startPublishers() throws IOException, TimeoutException {
        startPulses();
        int first = publishers.size();
        for (Lane lane : lanes) {
            for (int i = 0; i < lane.publishers(); i++) {
                Connection connection = connections.open();
                connection.addBlockedListener(reason -> blocked.incrementAndGet(), blocked::decrementAndGet);
                publishing.add(connection);
                String id = ledger.life() + "." + lane.name() + "." + publishers.size();
                publishers.add(new Publisher(this, ledger, lane, id, connection, new Random(random.nextLong())));
            }
        }
        publishers.subList(first, publishers.size()).forEach(Thread::start);
        return this;
    }

    /** On connections in a row, which a broker spreads over its loops. */
    private void startPulses() throws IOException, TimeoutException {
        int first = pulses.size();
        for (int i = Runtime.getRuntime().availableProcessors(); i > 0; i--) {
            Connection connection = connections.open();
            publishing.add(connection);
            pulses.add(new Pulse(this, ledger, connection, pulses.size()));
        }
        pulses.subList(first, pulses.size()).forEach(Thread::start);
    }

    /** Lets it run for so long, or until a client fails. */
    public void run(Duration time) throws InterruptedException {
        failure.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Consumers ack nothing more, though they stay. */
    public void silenceConsumers() {
        consumers.forEach(AckingConsumer::fallSilent);
    }

    /** From now on connections may break. */
    public void expectEnd() {
        endExpected = true;
    }

    /** After the broker has ended: waits until no client has anything more to say. */
    public void awaitEnd() throws InterruptedException {
        endPublishers();
        publishing.forEach(Traffic::abort);
        consuming.forEach(Traffic::abort);
        for (Publisher publisher : publishers) {
            publisher.join(PATIENCE.toMillis());
            if (publisher.isAlive()) {
                throw new AssertionError(publisher.getName() + " does not end");
            }
        }
    }

    /** Ends in order: publishers get their answers, consumers go, and the ledger is told. */
    public void finish() throws InterruptedException {
        endPublishers();
        await().atMost(PATIENCE).until(() -> publishers.stream().allMatch(Publisher::hasAllAnswers));
        for (Publisher publisher : publishers) {
            publisher.join(PATIENCE.toMillis());
        }
        for (Pulse pulse : pulses) {
            pulse.join(PATIENCE.toMillis());
        }
        expectEnd();
        awaitEnd();
        ledger.endLife(Ledger.End.CLIENTS_LEFT, System.nanoTime(), Duration.ZERO);
    }

    private void endPublishers() {
        publishers.forEach(Publisher::end);
        pulses.forEach(Pulse::end);
    }

    void failed(String who, Exception cause) {
        if (!endExpected) {
            ledger.violation(who + " failed: " + cause);
            failure.countDown();
        }
    }

    /** How many publishers' connections the broker has blocked at the moment. */
    public int blockedPublishers() {
        return blocked.get();
    }

    public int publisherCount() {
        return publishers.size();
    }

    public long confirmed() {
        return publishers.stream().mapToLong(Publisher::confirmedCount).sum();
    }

    public long nacked() {
        return publishers.stream().mapToLong(Publisher::nackedCount).sum();
    }

    /** Whether every connection is still open. */
    public boolean isConnected() {
        return publishing.stream().allMatch(Connection::isOpen)
                && consuming.stream().allMatch(Connection::isOpen);
    }

    /** Takes all that is in the queues, settles it, and tells the ledger. */
    public static void drain(Connections connections, Ledger ledger, List<Lane> lanes)
            throws IOException, TimeoutException {
        for (Lane lane : lanes) {
            try (Connection connection = connections.open()) {
                Channel channel = connection.createChannel();
                for (String queue : lane.queues()) {
                    drain(channel, ledger, lane, queue);
                }
                if (lane.letters() != null) {
                    await().atMost(PATIENCE).untilAsserted(() -> {
                        drain(channel, ledger, lane, lane.letters());
                    });
                }
            }
        }
        ledger.endLife(Ledger.End.CLIENTS_LEFT, System.nanoTime(), Duration.ZERO);
    }

    private static void drain(Channel channel, Ledger ledger, Lane lane, String queue) throws IOException {
        AckingConsumer consumer = new AckingConsumer(channel, ledger, lane, queue, false, null);
        int before = Integer.MAX_VALUE;
        for (GetResponse got = channel.basicGet(queue, false); got != null; got = channel.basicGet(queue, false)) {
            consumer.handleDelivery("", got.getEnvelope(), got.getProps(), got.getBody());
            if (lane.maxPriority() > 0) {
                int priority = got.getProps().getPriority();
                if (priority > before) {
                    ledger.violation(queue + " delivers a message of priority " + priority + " after one of " + before);
                }
                before = priority;
            }
        }
    }

    private static void abort(Connection connection) {
        connection.abort((int) PATIENCE.toMillis());
    }
}
