package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.DeliveryTarget;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import io.leveret.broker.policy.QueuePolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random publishes, gets, deliveries, acks, rejects, requeues, purges, changes of policy and of the time, against the rules
 * of a queue written down as a list that is sorted: limits, times to live, priorities, dead letters, bytes.
 */
class QueueRulesModelTests {
    private static final int STEPS = 1_500;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void doesWhatTheRulesSay(int run) {
        long seed = System.nanoTime() + run;
        try {
            new Model(seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** A message as the model sees it. */
    private record Entry(String body, int priority, long number, long deadline, boolean returned) {
        Entry back() {
            return new Entry(body, priority, number, deadline, true);
        }
    }

    /** What a client has. */
    private record Held(
            Entry entry,
            Message message,
            long position,
            @Nullable Consumer consumer) {}

    private static final class Model {
        private final Random random;
        private final int maxPriority;
        private final TestQueue queue;
        private final List<Entry> ready = new ArrayList<>();
        private final List<Held> held = new ArrayList<>();
        private final List<String> deadLetters = new ArrayList<>();
        private @Nullable Consumer consumer;
        private int prefetch;
        private int heldByConsumer;
        private QueuePolicy policy = QueuePolicy.NONE;
        private long published;

        /** What the queue handed to the consumer, to be compared with what it should have. */
        private final List<Message> delivered = new ArrayList<>();

        private final List<Long> positions = new ArrayList<>();
        private final List<Entry> expectedDeliveries = new ArrayList<>();

        Model(long seed) {
            random = new Random(seed);
            maxPriority = random.nextInt(3) * 2;
            queue = new TestQueue("x-max-priority", maxPriority, "x-dead-letter-exchange", "dlx");
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                act();
                check();
            }
            cancel();
            changePolicy(QueuePolicy.NONE);
            while (!held.isEmpty()) {
                settle(held.remove(0));
            }
            queue.on(ClassicQueue::onPurge);
            assertThat(queue.heldBytes()).isZero();
            assertThat(queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0));
        }

        private void act() {
            switch (random.nextInt(24)) {
                case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> publish();
                case 9, 10, 11 -> get();
                case 12, 13 -> withOne(this::settle);
                case 14 -> withOne(this::reject);
                case 15, 16 -> requeueSome();
                case 17, 18 -> passTime();
                case 19, 20 -> changePolicy(randomPolicy());
                case 21 -> consume();
                case 22 -> cancel();
                default -> {
                    if (random.nextInt(20) == 0) {
                        trim();
                        int purged = queue.on(ClassicQueue::onPurge);
                        assertThat(purged).isEqualTo(ready.size());
                        ready.clear();
                    }
                }
            }
        }

        private void publish() {
            String body = published + "x".repeat(random.nextInt(4));
            int priority = random.nextInt(6);
            BasicProperties.Builder properties = BasicProperties.builder().priority(priority);
            long ttl = policy.messageTtlMillis();
            boolean expires = random.nextInt(4) == 0;
            if (expires) {
                long own = random.nextInt(4) * 30L;
                properties.expiration("" + own);
                ttl = ttl < 0 ? own : Math.min(ttl, own);
            }
            Message message = Messages.of("", "q", properties.build(), body);
            Message given = expires ? message.withExpiration() : message;
            trim();
            long deadline = ttl < 0 ? Message.NEVER : queue.loop.nowMillis() + ttl;
            Entry entry = new Entry(body, Math.min(priority, maxPriority), published++, deadline, false);
            boolean full = overflow() != QueueArguments.Overflow.DROP_HEAD
                    && (ready.size() + 1 > limit(policy.maxLength())
                            || bytes() + body.length() > limit(policy.maxLengthBytes()));
            if (full) {
                if (overflow() == QueueArguments.Overflow.REJECT_PUBLISH_DLX) {
                    deadLetters.add(body + " maxlen");
                }
            } else if (ready.isEmpty() && canDeliver()) {
                expectDelivery(entry);
            } else {
                ready.add(entry);
                trim();
            }
            assertThat(queue.publish(given)).isEqualTo(full ? PublishResult.REJECTED : PublishResult.ACCEPTED);
        }

        private void get() {
            trim();
            GetResult got = queue.get(false);
            if (ready.isEmpty()) {
                assertThat(got).isNull();
                return;
            }
            Entry first = ready.remove(0);
            trim();
            assertThat(got).isNotNull();
            assertThat(Messages.body(got.message())).isEqualTo(first.body);
            assertThat(Position.isRedelivered(got.position())).isEqualTo(first.returned);
            assertThat(got.remaining()).isEqualTo(ready.size());
            held.add(new Held(first, got.message(), got.position(), null));
        }

        private void withOne(java.util.function.Consumer<Held> act) {
            if (!held.isEmpty()) {
                act.accept(held.remove(random.nextInt(held.size())));
            }
        }

        private void settle(Held one) {
            free(one);
            queue.settle(one.consumer, one.message);
        }

        private void reject(Held one) {
            deadLetters.add(one.entry.body + " rejected");
            free(one);
            queue.reject(one.consumer, one.message);
        }

        /** The prefetch window has a place more; what that hands out. */
        private void free(Held one) {
            if (one.consumer != null && one.consumer == consumer) {
                heldByConsumer--;
            }
            trim();
            if (one.consumer != null) {
                deliver();
            }
        }

        private void requeueSome() {
            List<Held> back = new ArrayList<>();
            IntSupplier chosen = () -> random.nextInt(held.size());
            for (int i = random.nextInt(4); i >= 0 && !held.isEmpty(); i--) {
                back.add(held.remove(chosen.getAsInt()));
            }
            trim();
            for (Held one : back) {
                ready.add(one.entry.back());
                if (one.consumer != null && one.consumer == consumer) {
                    heldByConsumer--;
                }
            }
            trim();
            deliver();
            queue.on(owned -> {
                for (Held one : back) {
                    owned.onRequeue(one.consumer, one.message, Position.redelivered(one.position), true);
                }
                owned.onRequeued();
                return true;
            });
        }

        private void passTime() {
            queue.advance(random.nextInt(60));
            trim();
        }

        private QueuePolicy randomPolicy() {
            String[] overflows = {null, "drop-head", "reject-publish", "reject-publish-dlx"};
            return new QueuePolicy(
                    "p",
                    null,
                    -1,
                    random.nextInt(3) == 0 ? random.nextInt(5) * 25L : -1,
                    null,
                    null,
                    random.nextInt(3) == 0 ? random.nextInt(12) : -1,
                    random.nextInt(3) == 0 ? random.nextInt(40) : -1,
                    overflows[random.nextInt(4)]);
        }

        private void changePolicy(QueuePolicy changed) {
            trim();
            policy = changed;
            trim();
            queue.policy(changed);
        }

        private void consume() {
            if (consumer != null) {
                return;
            }
            prefetch = 1 + random.nextInt(3);
            heldByConsumer = 0;
            Consumer started = new Consumer(
                    new DeliveryTarget() {
                        @Override
                        public void deliver(Message message, long position) {
                            delivered.add(message);
                            positions.add(position);
                        }

                        @Override
                        public void cancelled() {
                            throw new AssertionError("nobody deletes this queue");
                        }
                    },
                    false,
                    false,
                    0,
                    prefetch,
                    null);
            consumer = started;
            trim();
            deliver();
            queue.on(owned -> {
                owned.onConsume(started);
                owned.onCredit(started, 1_000_000);
                return true;
            });
        }

        private void cancel() {
            if (consumer != null) {
                queue.cancel(consumer);
                consumer = null;
            }
        }

        private boolean canDeliver() {
            return consumer != null && heldByConsumer < prefetch;
        }

        private void deliver() {
            while (canDeliver() && !ready.isEmpty()) {
                expectDelivery(ready.remove(0));
                trim();
            }
        }

        private void expectDelivery(Entry entry) {
            heldByConsumer++;
            expectedDeliveries.add(entry);
        }

        /** The rules of limits and of times to live, which look at the head alone. */
        private void trim() {
            ready.sort(Comparator.comparingInt((Entry each) -> -each.priority).thenComparingLong(Entry::number));
            while (overflow() == QueueArguments.Overflow.DROP_HEAD
                    && (ready.size() > limit(policy.maxLength()) || bytes() > limit(policy.maxLengthBytes()))) {
                deadLetters.add(ready.remove(0).body + " maxlen");
            }
            while (!ready.isEmpty() && ready.get(0).deadline <= queue.loop.nowMillis()) {
                deadLetters.add(ready.remove(0).body + " expired");
            }
        }

        private QueueArguments.Overflow overflow() {
            String name = policy.overflow();
            QueueArguments.Overflow overflow = name == null ? null : QueueArguments.Overflow.find(name);
            return overflow == null ? QueueArguments.Overflow.DROP_HEAD : overflow;
        }

        private static long limit(long setting) {
            return setting < 0 ? Long.MAX_VALUE : setting;
        }

        private long bytes() {
            return ready.stream().mapToLong(each -> each.body.length()).sum();
        }

        private void check() {
            assertThat(delivered.stream().map(Messages::body))
                    .isEqualTo(expectedDeliveries.stream().map(Entry::body).toList());
            for (int i = 0; i < delivered.size(); i++) {
                assertThat(Position.isRedelivered(positions.get(i))).isEqualTo(expectedDeliveries.get(i).returned);
                held.add(new Held(expectedDeliveries.get(i), delivered.get(i), positions.get(i), consumer));
            }
            delivered.clear();
            positions.clear();
            expectedDeliveries.clear();
            trim();
            long unackedBytes =
                    held.stream().mapToLong(each -> each.entry.body.length()).sum();
            assertThat(queue.counts())
                    .isEqualTo(new QueueCounts(
                            ready.size(), held.size(), consumer == null ? 0 : 1, bytes(), unackedBytes));
            assertThat(queue.deadLetters()).isEqualTo(deadLetters);
            queue.host.deadLetters.clear();
            deadLetters.clear();
        }
    }
}
