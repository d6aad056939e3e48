package io.leveret.broker.channel;

import static io.leveret.broker.channel.RestartableBroker.PERSISTENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.channel.RecordingOutput.Delivery;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Messages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random publishes, deliveries, settlements and ends of clients on two durable queues of two loops, while the disk is quick or
 * slow, with ends of the broker in between: in good order, without warning when all is quiet, and without warning in the
 * middle of everything. What is there again is compared with what clients were told.
 */
class DurableModelTests {
    private static final int ROUNDS = 6;
    private static final int STEPS = 60;
    private static final String[] QUEUES = {"first", "second"};
    private static final String BOTH = "amq.fanout";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsThereAfterARestartIsWhatClientsWereTold(int run) {
        long seed = System.nanoTime() + run;
        try (RestartableBroker restartable = new RestartableBroker()) {
            new Model(restartable, seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** A message in one queue. */
    private static final class Copy {
        final String queue;
        final int number;
        final boolean persistent;
        /** A client has seen it since the broker knows. */
        boolean shown;
        /** Settled for good, as far as clients have asked for it. */
        boolean settled;
        /** Settled in a transaction whose commit was not answered. */
        boolean inDoubt;

        Copy(String queue, int number, boolean persistent) {
            this.queue = queue;
            this.number = number;
            this.persistent = persistent;
        }

        @Override
        public String toString() {
            return queue + " " + number;
        }
    }

    /** One client: a channel that consumes and acknowledges, and what it believes to hold. */
    private static final class User {
        final TestChannel channel;
        final boolean transactional;
        final Map<String, String> consumers = new HashMap<>();
        final TreeMap<Long, Copy> held = new TreeMap<>();
        final TreeMap<Long, Copy> inTransaction = new TreeMap<>();
        int seen;

        User(TestChannel channel, boolean transactional) {
            this.channel = channel;
            this.transactional = transactional;
            if (transactional) {
                channel.client.turn(() -> channel.channel.txSelect());
            }
        }
    }

    private static final class Model {
        private final RestartableBroker restartable;
        private final Random random;
        private final List<Copy> copies = new ArrayList<>();
        private final Map<String, Copy> byName = new HashMap<>();
        private final List<User> users = new ArrayList<>();
        private final List<CompletableFuture<?>> open = new ArrayList<>();
        /** Of the publishes of this start of the broker, by the tag of the confirm. */
        private final TreeMap<Long, List<Copy>> unconfirmed = new TreeMap<>();

        private TestChannel publisher;
        private int read;
        private long published;
        private int numbers;
        private int tags;

        Model(RestartableBroker restartable, long seed) {
            this.restartable = restartable;
            this.random = new Random(seed);
            for (int loop = 0; loop < QUEUES.length; loop++) {
                restartable.declare(loop, QUEUES[loop]);
                TestChannel channel = restartable.open(0);
                String queue = QUEUES[loop];
                channel.client.request(() -> channel.channel.topology().bindQueue(queue, BOTH, "", FieldTable.EMPTY));
            }
            publisher = restartable.confirming(random.nextInt(2));
        }

        void run() {
            for (int round = 0; round < ROUNDS; round++) {
                begin();
                for (int step = 0; step < STEPS; step++) {
                    act();
                    for (int i = random.nextInt(6); i > 0; i--) {
                        restartable.broker().loops.stepAny(random);
                    }
                }
                switch (random.nextInt(3)) {
                    case 0 -> endInGoodOrder();
                    case 1 -> endWhenAllIsQuiet();
                    default -> endInTheMiddle();
                }
            }
            drain();
        }

        private void begin() {
            publisher = restartable.confirming(random.nextInt(2));
            read = 0;
            published = 0;
            unconfirmed.clear();
            users.clear();
            open.clear();
            for (int i = 0; i < 3; i++) {
                connect();
            }
        }

        private void connect() {
            User user = new User(restartable.open(random.nextInt(2)), random.nextInt(4) == 0);
            int prefetch = random.nextInt(3) * 4;
            user.channel.client.turn(() -> user.channel.channel.qos(0, prefetch, false));
            users.add(user);
        }

        private void act() {
            User user = users.get(random.nextInt(users.size()));
            look(user);
            switch (random.nextInt(22)) {
                case 0, 1, 2, 3, 4, 5, 6 -> publish();
                case 7, 8 -> consume(user);
                case 9 -> cancel(user);
                case 10, 11, 12, 13 -> settle(user);
                case 14 -> get(user);
                case 15 -> user.channel.client.writable(random.nextBoolean());
                case 16 -> recover(user);
                case 17 -> end(user);
                case 18 -> restartable.messages().blockCommits();
                case 19 -> restartable.messages().releaseCommits();
                case 20 -> commit(user);
                default -> {
                    if (random.nextInt(4) == 0) {
                        purge();
                    }
                }
            }
        }

        private void publish() {
            int bodies = 1 + random.nextInt(4);
            boolean persistent = random.nextInt(5) > 0;
            boolean toBoth = random.nextInt(3) == 0;
            String one = QUEUES[random.nextInt(2)];
            publisher.client.turn(() -> {
                for (int i = 0; i < bodies; i++) {
                    int number = numbers++;
                    List<Copy> sent = new ArrayList<>();
                    for (String queue : toBoth ? QUEUES : new String[] {one}) {
                        Copy copy = new Copy(queue, number, persistent);
                        copies.add(copy);
                        byName.put(copy.toString(), copy);
                        sent.add(copy);
                    }
                    unconfirmed.put(++published, sent);
                    publisher.publish(
                            toBoth ? BOTH : "",
                            toBoth ? "" : one,
                            persistent ? PERSISTENT : BasicProperties.EMPTY,
                            false,
                            "" + number);
                }
            });
        }

        private void consume(User user) {
            String queue = QUEUES[random.nextInt(2)];
            String tag = "c" + tags++;
            user.consumers.put(tag, queue);
            Channel channel = user.channel.channel;
            ConsumeRequest request = new ConsumeRequest(queue, tag, false, false, FieldTable.EMPTY);
            open.add(user.channel.client.turn(() -> channel.consume(request).thenAccept(done -> channel.start(tag))));
        }

        private void cancel(User user) {
            user.consumers.keySet().stream()
                    .min(Comparator.naturalOrder())
                    .ifPresent(tag -> open.add(user.channel.client.turn(() -> user.channel.channel.cancel(tag))));
        }

        private void settle(User user) {
            if (user.held.isEmpty()) {
                return;
            }
            List<Long> all = new ArrayList<>(user.held.keySet());
            long tag = all.get(random.nextInt(all.size()));
            boolean multiple = random.nextBoolean();
            Map<Long, Copy> covered = multiple ? user.held.headMap(tag, true) : user.held.subMap(tag, true, tag, true);
            int outcome = random.nextInt(4);
            if (user.transactional) {
                if (outcome == 0) {
                    return; // what a transaction puts back is another test's
                }
                user.inTransaction.putAll(covered);
            } else if (outcome != 0) {
                covered.values().forEach(copy -> copy.settled = true);
            }
            covered.clear();
            user.channel.client.turn(() -> {
                switch (outcome) {
                    case 0 -> user.channel.channel.nack(tag, multiple, true);
                    case 1 -> user.channel.channel.nack(tag, multiple, false);
                    default -> user.channel.channel.ack(tag, multiple);
                }
            });
        }

        private void commit(User user) {
            if (!user.transactional || user.inTransaction.isEmpty()) {
                return;
            }
            List<Copy> settled = List.copyOf(user.inTransaction.values());
            user.inTransaction.clear();
            settled.forEach(copy -> copy.inDoubt = true);
            open.add(user.channel.client.turn(() -> user.channel
                    .channel
                    .txCommit()
                    .thenAccept(done -> settled.forEach(copy -> {
                        copy.inDoubt = false;
                        copy.settled = true;
                    }))));
        }

        private void get(User user) {
            String queue = QUEUES[random.nextInt(2)];
            open.add(user.channel.client.turn(() -> user.channel
                    .channel
                    .get(queue, false)
                    .handle((fetched, error) -> {
                        if (fetched != null) {
                            take(
                                    user,
                                    fetched.deliveryTag(),
                                    queue + " " + Messages.body(fetched.message()),
                                    fetched.redelivered());
                        }
                        return true;
                    })));
        }

        private void recover(User user) {
            user.held.clear();
            user.channel.client.turn(() -> user.channel.channel.recover(true));
        }

        private void end(User user) {
            users.remove(user);
            if (random.nextBoolean()) {
                open.add(user.channel.client.drop());
            } else {
                open.add(user.channel.client.turn(user.channel.channel::close));
            }
            connect();
        }

        /** Everything ready goes; what that is can be said only when nothing is on its way. */
        private void purge() {
            quiet();
            String queue = QUEUES[random.nextInt(2)];
            Set<Copy> held = new HashSet<>();
            users.forEach(user -> {
                held.addAll(user.held.values());
                held.addAll(user.inTransaction.values());
            });
            TestChannel other = restartable.open(random.nextInt(2));
            other.client.request(() -> other.channel.topology().purgeQueue(queue));
            copies.stream()
                    .filter(copy -> copy.queue.equals(queue) && !held.contains(copy))
                    .forEach(copy -> copy.settled = true);
            other.client.close();
        }

        /** Takes note of what came for a client since it last looked. */
        private void look(User user) {
            List<Delivery> deliveries = user.channel.output.deliveries;
            while (user.seen < deliveries.size()) {
                Delivery delivery = deliveries.get(user.seen++);
                String queue = user.consumers.get(delivery.consumerTag());
                take(user, delivery.deliveryTag(), queue + " " + delivery.body(), delivery.redelivered());
            }
        }

        private void take(User user, long tag, String name, boolean redelivered) {
            Copy copy = byName.get(name);
            assertThat(copy).as("%s is there", name).isNotNull();
            assertThat(copy.settled).as("%s is settled", name).isFalse();
            assertThat(redelivered).as("%s is redelivered", name).isEqualTo(copy.shown);
            copy.shown = true;
            user.held.put(tag, copy);
        }

        /** Takes note of confirms. */
        private void lookAtConfirms() {
            List<String> log = publisher.output.log;
            while (read < log.size()) {
                String[] words = log.get(read++).split(" ");
                long tag = Long.parseLong(words[1]);
                assertThat(words[0]).isEqualTo("ack");
                if (words.length > 2) {
                    unconfirmed.headMap(tag, true).clear();
                } else {
                    assertThat(unconfirmed.remove(tag))
                            .as("%s is confirmed once", tag)
                            .isNotNull();
                }
            }
        }

        /** Lets everybody read and everything be written. */
        private void quiet() {
            restartable.messages().releaseCommits();
            users.forEach(user -> user.channel.client.writable(true));
            for (CompletableFuture<?> future : open) {
                restartable.broker().await(future);
            }
            open.clear();
            restartable.awaitWritten();
            users.forEach(this::look);
            lookAtConfirms();
            assertThat(unconfirmed).isEmpty();
        }

        private void endInGoodOrder() {
            quiet();
            restartable.restart();
            copies.removeIf(copy -> copy.settled || !copy.persistent);
            markBeforeShown();
            assertThat(left())
                    .isEqualTo(copies.stream()
                            .sorted(order())
                            .map(copy -> copy + (copy.shown ? "*" : ""))
                            .toList());
            copies.forEach(copy -> copy.shown = true);
        }

        /** What was handed out before something that a client has seen counts as seen, though it came back unread. */
        private void markBeforeShown() {
            Map<String, Integer> lastShown = new HashMap<>();
            copies.stream()
                    .filter(copy -> copy.shown)
                    .forEach(copy -> lastShown.merge(copy.queue, copy.number, Math::max));
            copies.stream()
                    .filter(copy -> copy.number <= lastShown.getOrDefault(copy.queue, -1))
                    .forEach(copy -> copy.shown = true);
        }

        private void endWhenAllIsQuiet() {
            quiet();
            restartable.crash();
            copies.removeIf(copy -> copy.settled || !copy.persistent);
            copies.forEach(copy -> copy.shown = true);
            assertThat(left())
                    .isEqualTo(copies.stream()
                            .sorted(order())
                            .map(copy -> copy + "*")
                            .toList());
        }

        /** Some of what is settled may come back, and of what was not confirmed any part may be there. */
        private void endInTheMiddle() {
            lookAtConfirms();
            users.forEach(this::look);
            Set<Copy> mayBeGone = new HashSet<>();
            unconfirmed.values().forEach(mayBeGone::addAll);
            restartable.crash();
            List<String> left = left();
            Set<String> there = new HashSet<>(left);
            for (Copy copy : copies) {
                if (!copy.persistent) {
                    assertThat(there).doesNotContain(copy + "*");
                } else if (!copy.settled && !copy.inDoubt && !mayBeGone.contains(copy)) {
                    assertThat(there).contains(copy + "*");
                }
            }
            copies.removeIf(copy -> !there.contains(copy + "*"));
            copies.forEach(copy -> {
                copy.shown = true;
                copy.settled = false;
                copy.inDoubt = false;
            });
            assertThat(left)
                    .isEqualTo(copies.stream()
                            .sorted(order())
                            .map(copy -> copy + "*")
                            .toList());
        }

        private static Comparator<Copy> order() {
            return Comparator.comparing((Copy copy) -> copy.queue).thenComparingInt(copy -> copy.number);
        }

        /** What the queues have, which stays there. */
        private List<String> left() {
            List<String> left = new ArrayList<>();
            TestChannel channel = restartable.open(0);
            for (String queue : QUEUES) {
                String body;
                while ((body = channel.get(queue, false)) != null) {
                    left.add(queue + " " + body);
                }
            }
            channel.client.close();
            return left;
        }

        private void drain() {
            begin();
            List<String> expected =
                    copies.stream().sorted(order()).map(copy -> copy + "*").toList();
            List<String> drained = new ArrayList<>();
            for (String queue : QUEUES) {
                restartable.drain(queue).forEach(body -> drained.add(queue + " " + body));
            }
            assertThat(drained).isEqualTo(expected);
            restartable.awaitWritten();
            restartable.crash();
            for (String queue : QUEUES) {
                assertThat(restartable.drain(queue)).isEmpty();
            }
        }
    }
}
