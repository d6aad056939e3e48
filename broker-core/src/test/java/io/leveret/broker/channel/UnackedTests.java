package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.consumer.Position;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.queue.RecordingHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UnackedTests {
    private final QueueRef queue = new QueueRef(
            "/", "q", false, false, FieldTable.EMPTY, null, new ManualEventLoops(1).get(0), new RecordingHost());
    private final Unacked unacked = new Unacked();
    private final List<Long> visited = new ArrayList<>();
    private final Unacked.Visitor visitor = (tag, from, consumer, message, position) -> visited.add(tag);

    @Test
    void settlesOneByItsTag() {
        add(1, 2, 3);
        assertThat(unacked.settle(2, visitor)).isTrue();
        assertThat(unacked.settle(2, visitor)).isFalse();
        assertThat(visited).containsExactly(2L);
        assertThat(unacked.size()).isEqualTo(2);
    }

    @Test
    void knowsNoTagItWasNotGiven() {
        add(5, 7);
        for (long tag : new long[] {-1, 0, 4, 6, 8, Long.MAX_VALUE}) {
            assertThat(unacked.settle(tag, visitor)).isFalse();
            assertThat(unacked.settleUpTo(tag, visitor)).isFalse();
        }
        assertThat(visited).isEmpty();
    }

    @Test
    void settlesUpToATagOldestFirst() {
        add(1, 2, 4, 6, 9);
        unacked.settle(2, visitor);
        visited.clear();
        assertThat(unacked.settleUpTo(6, visitor)).isTrue();
        assertThat(visited).containsExactly(1L, 4L, 6L);
        assertThat(unacked.size()).isEqualTo(1);
    }

    @Test
    void settlesNothingUpToATagThatIsSettledAlready() {
        add(1, 2, 3);
        unacked.settle(2, visitor);
        visited.clear();
        assertThat(unacked.settleUpTo(2, visitor)).isFalse();
        assertThat(visited).isEmpty();
        assertThat(unacked.size()).isEqualTo(2);
    }

    @Test
    void givesTheVisitorWhatWasAdded() {
        Message message = Messages.of("m");
        unacked.add(3, queue, null, message, Position.windowed(8));
        unacked.settleAll((tag, from, consumer, settled, position) -> {
            assertThat(tag).isEqualTo(3);
            assertThat(from).isSameAs(queue);
            assertThat(consumer).isNull();
            assertThat(settled).isSameAs(message);
            assertThat(position).isEqualTo(Position.windowed(8));
            visited.add(tag);
        });
        assertThat(visited).containsExactly(3L);
    }

    @Test
    void settlingFullRingLeavesAloneWhatIsAddedMeanwhile() {
        for (long tag = 1; tag <= 16; tag++) {
            add(tag);
        }
        long[] next = {17};
        assertThat(unacked.settleUpTo(16, (tag, from, consumer, message, position) -> {
                    visited.add(tag);
                    add(next[0]++);
                }))
                .isTrue();
        assertThat(visited).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L);
        assertThat(unacked.size()).isEqualTo(16);
        visited.clear();
        unacked.settleAll(visitor);
        assertThat(visited).startsWith(17L).endsWith(32L).hasSize(16);
    }

    @Test
    void countsAllInTheWindowWhenAskedTo() {
        add(1, 2, 3);
        unacked.settle(2, visitor);
        unacked.markWindowed();
        unacked.settleAll((tag, from, consumer, message, position) ->
                assertThat(Position.isWindowed(position)).isTrue());
    }

    @Test
    void takesBackWhatARollbackGivesInTheOrderOfTags() {
        add(2, 4, 6);
        Unacked rolledBack = new Unacked();
        for (long tag : new long[] {1, 3, 5, 7}) {
            rolledBack.add(tag, queue, null, Messages.of("m"), tag);
        }
        unacked.restore(rolledBack);
        unacked.settleAll(visitor);
        assertThat(visited).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void behavesAsASortedMapWhateverTheMix() {
        long seed = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            compareWithMap(seed + i);
        }
    }

    private void compareWithMap(long seed) {
        Random random = new Random(seed);
        Unacked tested = new Unacked();
        TreeMap<Long, Message> expected = new TreeMap<>();
        long nextTag = 1;
        for (int step = 0; step < 300; step++) {
            List<Long> settled = new ArrayList<>();
            TreeMap<Long, Message> messages = new TreeMap<>();
            Unacked.Visitor collect = (tag, from, consumer, message, position) -> {
                settled.add(tag);
                messages.put(tag, message);
                assertThat(position).isEqualTo(tag * 3);
            };
            List<Long> expectedSettled = new ArrayList<>();
            long tag = random.nextInt(10) == 0 ? random.nextLong() : 1 + (long) (random.nextDouble() * nextTag);
            int kind = random.nextInt(20);
            if (kind < 9) {
                for (int i = random.nextInt(12); i >= 0; i--) {
                    Message message = Messages.of("m");
                    nextTag += random.nextInt(3);
                    tested.add(nextTag, queue, null, message, nextTag * 3);
                    expected.put(nextTag, message);
                    nextTag++;
                }
            } else if (kind < 16) {
                boolean known = expected.containsKey(tag);
                if (known) {
                    expectedSettled.add(tag);
                }
                assertThat(tested.settle(tag, collect)).as("seed %d", seed).isEqualTo(known);
            } else if (kind < 18) {
                boolean known = expected.containsKey(tag);
                if (known) {
                    expectedSettled.addAll(expected.headMap(tag, true).keySet());
                }
                assertThat(tested.settleUpTo(tag, collect)).as("seed %d", seed).isEqualTo(known);
            } else if (kind < 19) {
                rollBackSome(tested, expected, random);
            } else {
                expectedSettled.addAll(expected.keySet());
                tested.settleAll(collect);
            }
            assertThat(settled).as("seed %d step %d", seed, step).isEqualTo(expectedSettled);
            for (Long gone : expectedSettled) {
                assertThat(messages.get(gone)).as("seed %d", seed).isSameAs(expected.remove(gone));
            }
            assertThat(tested.size()).as("seed %d", seed).isEqualTo(expected.size());
            assertThat(tested.isEmpty()).isEqualTo(expected.isEmpty());
        }
    }

    /** Settles some and puts them back, which must be as if nothing had happened. */
    private void rollBackSome(Unacked tested, TreeMap<Long, Message> expected, Random random) {
        Unacked rolledBack = new Unacked();
        for (long tag : expected.keySet()) {
            if (random.nextBoolean()) {
                tested.settle(tag, rolledBack::add);
            }
        }
        tested.restore(rolledBack);
    }

    @Test
    void givesRoomBackThatItNoLongerNeeds() {
        for (long tag = 1; tag <= 100_000; tag++) {
            add(tag);
        }
        assertThat(unacked.capacity()).isEqualTo(131_072);
        assertThat(unacked.settleUpTo(99_990, visitor)).isTrue();
        assertThat(unacked.capacity()).isLessThanOrEqualTo(16_384);
        visited.clear();
        unacked.settleAll(visitor);
        assertThat(visited)
                .containsExactly(
                        99_991L, 99_992L, 99_993L, 99_994L, 99_995L, 99_996L, 99_997L, 99_998L, 99_999L, 100_000L);
    }

    private void add(long... tags) {
        for (long tag : tags) {
            unacked.add(tag, queue, null, Messages.of("m"), tag);
        }
    }
}
