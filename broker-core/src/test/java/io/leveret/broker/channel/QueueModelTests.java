package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.channel.RecordingOutput.Delivery;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.HeldMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random publishes, consumes, acks, nacks, cancels and closes by several channels on two loops whose steps come in a random
 * order, against the simplest picture of a queue: each message is waiting, or with one client, or settled.
 */
class QueueModelTests {
    private static final int STEPS = 400;
    private static final String QUEUE = "q";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyMessageIsHandledOnceAndInOrder(int run) {
        long seed = System.nanoTime() + run;
        try (TestBroker broker = new TestBroker()) {
            new Model(broker, seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** One client: its channel and what it believes to hold. */
    private static final class User {
        final TestClient client;
        final TestChannel channel;
        final TreeMap<Long, String> held = new TreeMap<>();
        final Set<String> consumers = new HashSet<>();
        int seen;
        boolean ended;

        User(TestClient client) {
            this.client = client;
            this.channel = client.open();
        }
    }

    private static final class Model {
        private final TestBroker broker;
        private final Random random;
        private final List<User> users = new ArrayList<>();
        private final List<CompletableFuture<?>> open = new ArrayList<>();
        private final Set<String> settled = new HashSet<>();
        /** Messages that a client has seen; only these may come as redeliveries. */
        private final Set<String> shown = new HashSet<>();

        private final TestChannel publisher;
        private int published;
        private int consumerTags;

        Model(TestBroker broker, long seed) {
            this.broker = broker;
            this.random = new Random(seed);
            TestClient owner = broker.connect(random.nextInt(2));
            owner.open().declare(QUEUE);
            publisher = broker.connect(random.nextInt(2)).open();
            publisher.client.turn(() -> publisher.channel.confirmSelect());
            for (int i = 0; i < 3; i++) {
                connect();
            }
        }

        private void connect() {
            User user = new User(broker.connect(random.nextInt(2)));
            int prefetch = random.nextInt(3) * 3;
            boolean global = random.nextInt(3) == 0;
            user.client.turn(() -> user.channel.channel.qos(0, prefetch, global));
            users.add(user);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                act(users.get(random.nextInt(users.size())));
                for (int i = random.nextInt(6); i > 0; i--) {
                    broker.loops.stepAny(random);
                }
                users.forEach(this::look);
                if (step % 50 == 49) {
                    settle();
                    checkCounts();
                }
            }
            drain();
        }

        private void act(User user) {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4, 5 -> publish();
                case 6, 7 -> consume(user);
                case 8 -> cancel(user);
                case 9, 10, 11 -> settleOne(user, true);
                case 12 -> settleOne(user, false);
                case 13 -> settleMany(user, true);
                case 14 -> settleMany(user, false);
                case 15 -> get(user);
                case 16 -> user.client.writable(false);
                case 17 -> user.client.writable(true);
                case 18 -> recover(user);
                default -> end(user);
            }
        }

        private void publish() {
            String[] bodies = new String[1 + random.nextInt(5)];
            for (int i = 0; i < bodies.length; i++) {
                bodies[i] = "" + published++;
            }
            publisher.publish(QUEUE, bodies);
        }

        private void consume(User user) {
            String tag = "c" + consumerTags++;
            user.consumers.add(tag);
            ConsumeRequest request = new ConsumeRequest(QUEUE, tag, false, false, FieldTable.EMPTY);
            open.add(user.client.turn(
                    () -> user.channel.channel.consume(request).thenAccept(done -> user.channel.channel.start(tag))));
        }

        private void cancel(User user) {
            user.consumers.stream().min(Comparator.naturalOrder()).ifPresent(tag -> {
                user.consumers.remove(tag);
                open.add(user.client.turn(() -> user.channel.channel.cancel(tag)));
            });
        }

        private void settleOne(User user, boolean ack) {
            look(user);
            if (user.held.isEmpty()) {
                return;
            }
            List<Long> tags = new ArrayList<>(user.held.keySet());
            long tag = tags.get(random.nextInt(tags.size()));
            String body = user.held.remove(tag);
            settled(ack, List.of(body));
            boolean forGood = random.nextInt(4) > 0;
            user.client.turn(() -> {
                if (!ack) {
                    user.channel.channel.nack(tag, false, true);
                } else if (forGood) {
                    user.channel.channel.ack(tag, false);
                } else {
                    user.channel.channel.nack(tag, false, false);
                }
            });
        }

        private void settleMany(User user, boolean ack) {
            look(user);
            if (user.held.isEmpty()) {
                return;
            }
            List<Long> tags = new ArrayList<>(user.held.keySet());
            long tag = tags.get(random.nextInt(tags.size()));
            Map<Long, String> covered = user.held.headMap(tag, true);
            settled(ack, List.copyOf(covered.values()));
            covered.clear();
            user.client.turn(() -> {
                if (ack && random.nextInt(4) > 0) {
                    user.channel.channel.ack(tag, true);
                } else {
                    user.channel.channel.nack(tag, true, !ack);
                }
            });
        }

        private void settled(boolean ack, List<String> bodies) {
            if (ack) {
                for (String body : bodies) {
                    assertThat(settled.add(body)).as("%s settled twice", body).isTrue();
                }
            }
        }

        private void get(User user) {
            open.add(user.client.turn(() -> user.channel
                    .channel
                    .get(QUEUE, false)
                    .handle((fetched, error) -> {
                        assertThat(error == null || user.ended).isTrue();
                        if (fetched != null) {
                            String body = Messages.body(fetched.message());
                            take(user, fetched.deliveryTag(), body, fetched.redelivered());
                        }
                        return true;
                    })));
        }

        private void recover(User user) {
            look(user);
            user.held.clear();
            user.client.turn(() -> user.channel.channel.recover(true));
        }

        private void end(User user) {
            user.ended = true;
            users.remove(user);
            if (random.nextBoolean()) {
                open.add(user.client.drop());
            } else {
                open.add(user.client.turn(user.channel.channel::close));
            }
            look(user);
            connect();
        }

        /** Takes note of what came for a client since it last looked. */
        private void look(User user) {
            List<Delivery> deliveries = user.channel.output.deliveries;
            while (user.seen < deliveries.size()) {
                Delivery delivery = deliveries.get(user.seen++);
                take(user, delivery.deliveryTag(), delivery.body(), delivery.redelivered());
            }
        }

        private void take(User user, long tag, String body, boolean redelivered) {
            assertThat(settled).as("delivered after it was acked").doesNotContain(body);
            assertThat(shown.contains(body)).as("redelivered mark of %s", body).isEqualTo(redelivered);
            shown.add(body);
            if (!user.ended) {
                assertThat(user.held.put(tag, body)).isNull();
            }
        }

        private void settle() {
            broker.runAll();
            for (CompletableFuture<?> future : open) {
                broker.await(future);
            }
            open.clear();
            broker.runAll();
            users.forEach(this::look);
        }

        private void checkCounts() {
            users.forEach(user -> user.client.writable(true));
            settle();
            int held = users.stream().mapToInt(user -> user.held.size()).sum();
            int consumers =
                    users.stream().mapToInt(user -> user.consumers.size()).sum();
            assertThat(HeldMemory.beside(broker.vhost().requireQueue(QUEUE)))
                    .isEqualTo(memoryOf(published) - memoryOf(settled));
            assertThat(publisher.counts(QUEUE))
                    .isEqualTo("[ready=" + (published - settled.size() - held) + ", unacked=" + held + ", consumers="
                            + consumers + "]");
            Set<String> everywhere = new HashSet<>(settled);
            for (User user : users) {
                for (String body : user.held.values()) {
                    assertThat(everywhere.add(body))
                            .as("%s is with two clients", body)
                            .isTrue();
                }
            }
        }

        private static long memoryOf(int firstBodies) {
            return memoryOf(
                    IntStream.range(0, firstBodies).mapToObj(Integer::toString).collect(Collectors.toSet()));
        }

        private static long memoryOf(Set<String> bodies) {
            return bodies.stream()
                    .mapToLong(body -> Messages.of(body).memoryBytes())
                    .sum();
        }

        /** All clients go; everything that was not acked is there, in the order it was published. */
        private void drain() {
            checkCounts();
            List.copyOf(users).forEach(user -> open.add(user.client.drop()));
            settle();
            TestChannel last = broker.connect(0).open();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < published; i++) {
                if (!settled.contains("" + i)) {
                    expected.add(i + (shown.contains("" + i) ? "*" : ""));
                }
            }
            List<String> left = new ArrayList<>();
            String body = last.get(QUEUE, true);
            while (body != null) {
                left.add(body);
                body = last.get(QUEUE, true);
            }
            assertThat(left).isEqualTo(expected);
            assertThat(last.counts(QUEUE)).isEqualTo("[ready=0, unacked=0, consumers=0]");
            assertThat(HeldMemory.beside(broker.vhost().requireQueue(QUEUE))).isZero();
            assertEveryPublishIsConfirmed();
        }

        private void assertEveryPublishIsConfirmed() {
            Set<Long> confirmed = new HashSet<>();
            for (String line : publisher.output.log) {
                String[] words = line.split(" ");
                long tag = Long.parseLong(words[1]);
                for (long each = words.length > 2 ? 1 : tag; each <= tag; each++) {
                    confirmed.add(each);
                }
            }
            assertThat(confirmed).hasSize(published);
        }
    }
}
