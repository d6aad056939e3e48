package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.journal.InMemoryMessageJournal;
import io.leveret.broker.journal.JournalException;
import io.leveret.broker.message.BasicProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random use of a queue with hardly any memory, on a store that blocks and fails, against a sorted set. */
class PagingModelTests {
    private static final int STEPS = 150;
    private static final int MOST_AT_ONCE = 800;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void behavesAsIfAllWereInMemory(int run) {
        long seed = System.nanoTime() + run;
        try (PagedQueue paged = new PagedQueue(
                new InMemoryMessageJournal(), new Random(seed).nextInt(300_000), Long.MAX_VALUE, PagedQueue.ID)) {
            new Model(paged, new Random(seed)).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static final class Model {
        private final PagedQueue paged;
        private final Random random;
        private final TreeSet<Integer> ready = new TreeSet<>();
        private final List<GetResult> unacked = new ArrayList<>();
        private int published;

        Model(PagedQueue paged, Random random) {
            this.paged = paged;
            this.random = random;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                act();
                assertThat(paged.queue.ready()).isEqualTo(ready.size());
                assertThat(paged.queue.counts().unacked()).isEqualTo(unacked.size());
            }
            paged.store.releaseCommits();
            while (!unacked.isEmpty()) {
                giveBack();
            }
            assertThat(paged.drain()).containsExactlyElementsOf(ready);
            assertThat(paged.held.get()).isZero();
            assertThat(paged.queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0));
        }

        private void act() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> publish(random.nextInt(MOST_AT_ONCE));
                case 4, 5 -> take(random.nextInt(200));
                case 6, 7 -> takeAsConsumer(random.nextInt(MOST_AT_ONCE));
                case 8 -> settle();
                case 9, 10 -> giveBack();
                case 11 -> paged.store.failNextReads(random.nextInt(3), new JournalException("random", null));
                case 12 -> paged.store.blockCommits();
                case 13 -> paged.store.releaseCommits();
                case 14 -> paged.queue.advance(random.nextInt(5_000));
                default -> {
                    if (random.nextInt(8) == 0) {
                        assertThat(paged.queue.<Integer>on(ClassicQueue::onPurge))
                                .isEqualTo(ready.size());
                        ready.clear();
                    }
                }
            }
        }

        private void publish(int count) {
            paged.publish(published, published + count, number -> {
                ready.add(number);
                return PagedQueue.message(
                        number,
                        BasicProperties.builder()
                                .deliveryMode(1 + random.nextInt(2))
                                .build());
            });
            published += count;
        }

        private void take(int count) {
            for (int i = 0; i < count; i++) {
                boolean noAck = random.nextBoolean();
                GetResult got = paged.fetch(noAck);
                if (ready.isEmpty()) {
                    assertThat(got).isNull();
                    return;
                }
                assertThat(got).isNotNull();
                assertThat(PagedQueue.number(got.message())).isEqualTo(ready.pollFirst());
                if (!noAck) {
                    unacked.add(got);
                }
            }
        }

        private void takeAsConsumer(int most) {
            int count = Math.min(most, ready.size());
            RecordingTarget target = new RecordingTarget();
            Consumer consumer = new Consumer(target, true, false, 0, 0, null);
            paged.queue.on(owned -> {
                owned.onConsume(consumer);
                owned.onCredit(consumer, count);
                return true;
            });
            paged.await(() -> assertThat(target.messages).hasSize(count));
            for (int number : PagedQueue.numbers(target)) {
                assertThat(number).isEqualTo(ready.pollFirst());
            }
            paged.queue.cancel(consumer);
        }

        private void settle() {
            if (!unacked.isEmpty()) {
                GetResult got = unacked.remove(random.nextInt(unacked.size()));
                paged.queue.on(owned -> {
                    owned.onAcknowledged(got.message().place());
                    return true;
                });
                paged.queue.settle(got);
            }
        }

        private void giveBack() {
            if (!unacked.isEmpty()) {
                GetResult got = unacked.remove(random.nextInt(unacked.size()));
                paged.queue.giveBack(got);
                assertThat(Position.place(got.position())).isNotNegative();
                ready.add(PagedQueue.number(got.message()));
            }
        }
    }
}
