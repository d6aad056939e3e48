package io.leveret.broker.queue;

import static io.leveret.broker.queue.TestQueue.prioritised;
import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.loop.TimerWheel;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BacklogTests {

    @Test
    void theHighestPriorityComesFirstAndWithinItTheOldest() {
        TestQueue queue = new TestQueue("x-max-priority", 5);
        publish(queue, "a1", "b5", "c3", "d5", "e0", "f1");
        assertThat(queue.drain()).containsExactly("b5", "d5", "c3", "a1", "f1", "e0");
    }

    @Test
    void aPriorityAboveTheHighestCountsAsThat() {
        TestQueue queue = new TestQueue("x-max-priority", 2);
        publish(queue, "a2", "b9", "c2", "d1");
        queue.publish(prioritised("e", 255));
        assertThat(queue.drain()).containsExactly("a2", "b9", "c2", "e", "d1");
    }

    @Test
    void noPriorityIsTheLowest() {
        TestQueue queue = new TestQueue("x-max-priority", 1);
        queue.publish("none");
        publish(queue, "a1");
        assertThat(queue.drain()).containsExactly("a1", "none");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void withoutLevelsPriorityMeansNothing(int maxPriority) {
        TestQueue queue = maxPriority < 0 ? new TestQueue() : new TestQueue("x-max-priority", maxPriority);
        publish(queue, "a1", "b9", "c5");
        assertThat(queue.drain()).containsExactly("a1", "b9", "c5");
    }

    @Test
    void whatComesBackTakesItsPlaceWithinItsPriority() {
        TestQueue queue = new TestQueue("x-max-priority", 5);
        publish(queue, "a5", "b5", "c1", "d1");
        GetResult a = queue.get(false);
        GetResult b = queue.get(false);
        GetResult c = queue.get(false);
        publish(queue, "e5", "f3");
        queue.giveBack(c);
        queue.giveBack(b);
        queue.giveBack(a);
        assertThat(queue.drain()).containsExactly("a5", "b5", "e5", "f3", "c1", "d1");
    }

    @Test
    void theHeadThatIsDroppedHasTheHighestPriority() {
        TestQueue queue = new TestQueue("x-max-priority", 5, "x-max-length", 2, "x-dead-letter-exchange", "dlx");
        publish(queue, "a1", "b5", "c3", "d5", "e1");
        assertThat(queue.deadLetters()).containsExactly("b5 maxlen", "d5 maxlen", "c3 maxlen");
        assertThat(queue.drain()).containsExactly("a1", "e1");
    }

    @Test
    void anExpiredHeadOfTheHighestPriorityGivesWay() {
        TestQueue queue = new TestQueue("x-max-priority", 5, "x-dead-letter-exchange", "dlx");
        queue.publish(prioritised("low", 1));
        queue.publish(prioritised("high", 5, 100));
        queue.advance(100 + TimerWheel.TICK_MILLIS);
        assertThat(queue.deadLetters()).containsExactly("high expired");
        assertThat(queue.drain()).containsExactly("low");
    }

    /** As RabbitMQ documents it for priority queues, and does. */
    @Test
    void whatExpiresBehindAHigherPriorityStaysUntilItIsTheHead() {
        TestQueue queue = new TestQueue("x-max-priority", 5, "x-dead-letter-exchange", "dlx");
        queue.publish(prioritised("low", 1, 100));
        queue.publish(prioritised("high", 5));
        queue.publish(prioritised("lower", 0));
        queue.advance(1_000);
        assertThat(queue.ready()).isEqualTo(3);
        assertThat(Messages.body(queue.get(true).message())).isEqualTo("high");
        assertThat(queue.deadLetters()).containsExactly("low expired");
        assertThat(queue.drain()).containsExactly("lower");
    }

    @Test
    void purgeEmptiesEveryLevel() {
        TestQueue queue = new TestQueue("x-max-priority", 255);
        publish(queue, "a1", "b9", "c5");
        queue.publish(prioritised("d", 255));
        assertThat(queue.<Integer>on(ClassicQueue::onPurge)).isEqualTo(4);
        assertThat(queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0));
        publish(queue, "e1", "f2");
        assertThat(queue.drain()).containsExactly("f2", "e1");
    }

    /** Against a list that is sorted each time. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 63, 64, 127, 128, 255})
    void behavesAsASortedListWhateverTheMix(int maxPriority) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        record Waiting(Message message, int level, long number) {}
        List<Waiting> expected = new ArrayList<>();
        List<Waiting> out = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        Comparator<Waiting> order =
                Comparator.comparingInt((Waiting each) -> -each.level).thenComparingLong(Waiting::number);
        Backlog backlog = new Backlog(maxPriority);
        for (long step = 0; step < 4_000; step++) {
            int kind = random.nextInt(step % 1_000 < 500 ? 10 : 20);
            if (kind < 6) {
                Message message = prioritised("x".repeat(random.nextInt(5)), random.nextInt(256));
                backlog.add(message);
                expected.add(new Waiting(message, Math.min(message.priority(), maxPriority), step));
                expected.sort(order);
            } else if (kind < 7 && !out.isEmpty()) {
                int chosen = random.nextInt(out.size());
                Waiting back = out.remove(chosen);
                backlog.giveBack(back.message, positions.remove(chosen));
                expected.add(back);
                expected.sort(order);
            } else if (!expected.isEmpty()) {
                Waiting first = expected.remove(0);
                assertThat(backlog.peek()).as("seed %d", seed).isSameAs(first.message);
                positions.add(backlog.position());
                assertThat(backlog.remove()).isSameAs(first.message);
                out.add(first);
            }
            assertThat(backlog.size()).as("seed %d", seed).isEqualTo(expected.size());
            assertThat(backlog.isEmpty()).isEqualTo(expected.isEmpty());
            assertThat(backlog.bodyBytes())
                    .isEqualTo(expected.stream()
                            .mapToLong(each -> each.message.bodyLength())
                            .sum());
            assertThat(backlog.memoryBytes())
                    .isEqualTo(expected.stream()
                            .mapToLong(each -> each.message.memoryBytes())
                            .sum());
        }
    }

    /** The last character of a body is its priority. */
    private static void publish(TestQueue queue, String... bodies) {
        for (String body : bodies) {
            queue.publish(prioritised(body, body.charAt(body.length() - 1) - '0'));
        }
    }
}
