package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How much room the rows take, with the planner stepped by hand. */
class SpaceTests {
    private static final long OWNER = 1;
    private static final long SLOW = 2;
    private static final long LEAST_WASTE = 256 * 1024;
    private static final int LEAST_ROWS = 64;
    private static final int ROW_COST = 1024;

    private final InMemoryMessageJournal store = new InMemoryMessageJournal();
    private final Segments segments = new Segments();
    private final CommitPlanner planner =
            new CommitPlanner(segments, new Tidying(store, segments, LEAST_WASTE, LEAST_ROWS, ROW_COST));
    private final LoopJournal loop = new LoopJournal(new ManualEventLoops(1).get(0), null, 1, null);
    private long lastSegment;
    private JournalBatch batch = new JournalBatch(loop, ++lastSegment);
    private long liveBytes;
    private long largest;

    private long enqueue(long owner, int bytes) {
        liveBytes += bytes;
        return batch.add(owner, TestJournal.message(new byte[bytes]), Message.NEVER, SegmentEntries.LASTING, null, 0)
                .place();
    }

    private void settle(long place, int bytes) {
        liveBytes -= bytes;
        batch.settle(place);
    }

    private void commit() {
        List<JournalBatch> batches = batch.isVoid() ? List.of() : List.of(batch);
        ChangesBuilder changes = planner.plan(batches, batch.segment + 1);
        store.commit(changes.build());
        planner.onCommitted(changes);
        batch = new JournalBatch(loop, ++lastSegment);
        largest = Math.max(largest, store.size());
    }

    private void commitWhatIsDue() {
        for (int i = 0; i < 10_000 && planner.isDue(); i++) {
            commit();
        }
    }

    /** What a queue is given and gives up in turn, with one message in a while for a queue that nobody reads. */
    @Test
    void aSlowQueueDoesNotHoldTheRowsThatItsMessagesAreIn() {
        ArrayDeque<Long> queue = new ArrayDeque<>();
        for (int round = 0; round < 2000; round++) {
            for (int i = 0; i < 50; i++) {
                queue.add(enqueue(OWNER, 1000));
            }
            enqueue(SLOW, 100);
            commit();
            while (queue.size() > 100) {
                settle(queue.remove(), 1000);
            }
            commit();
        }
        assertThat(largest).isLessThan((long) (2.5 * liveBytes) + 4 * LEAST_WASTE);
        assertThat(store.bytesWritten()).isLessThan(3L * 2000 * 50 * 1000);
    }

    /** Messages are settled in random order, so that all rows become sparse at the same time. */
    @Test
    void sparseRowsAreWrittenAnew() {
        Random random = new Random(1);
        List<Long> queue = new ArrayList<>();
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < 20; i++) {
                queue.add(enqueue(OWNER, 1000));
            }
            commit();
            while (queue.size() > 2000) {
                int last = queue.size() - 1;
                int any = random.nextInt(queue.size());
                settle(queue.get(any), 1000);
                queue.set(any, queue.get(last));
                queue.remove(last);
            }
            commit();
            assertThat(store.size()).isLessThan((long) (2.5 * liveBytes) + 4 * LEAST_WASTE);
        }
    }

    /** What has been settled elsewhere is no reason to keep a row for long: it would hold the next one, and so on. */
    @Test
    void oneMessageDoesNotHoldAllRowsAfterIt() {
        enqueue(SLOW, 100);
        ArrayDeque<Long> queue = new ArrayDeque<>();
        for (int round = 0; round < 2000; round++) {
            queue.add(enqueue(OWNER, 500));
            queue.add(enqueue(OWNER, 500));
            if (queue.size() > 3) {
                settle(queue.remove(), 500);
                settle(queue.remove(), 500);
            }
            commit();
        }
        commitWhatIsDue();
        assertThat(store.size()).isLessThan(2 * LEAST_WASTE);
    }

    @Test
    void manyTinyRowsAreMerged() {
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            places.add(enqueue(OWNER, 20));
            commit();
        }
        commitWhatIsDue();
        assertThat(store.rows()).hasSizeLessThan(3 * LEAST_ROWS);
        Recovery recovery = new Recovery(store.restarted(), new OwnerIds(), new Segments());
        recovery.run();
        RecoveredEntries entries = recovery.take(OWNER);
        assertThat(entries.size()).isEqualTo(places.size());
        for (int i = 0; i < places.size(); i++) {
            assertThat(entries.place(i)).isEqualTo(places.get(i));
        }
    }

    @Test
    void nothingIsLeftOfAQueueThatIsEmpty() {
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            places.add(enqueue(OWNER, 1000));
            if (i % 10 == 9) {
                commit();
            }
        }
        places.forEach(place -> settle(place, 1000));
        commit();
        assertThat(store.rows()).isEmpty();
        assertThat(segments.storedBytes()).isZero();
        assertThat(segments.liveBytes()).isZero();
    }

    /** A database keeps what it deletes until the commit, and whoever waits for the next confirm would wait for that. */
    @Test
    void aGreatQueueThatIsDroppedGoesAFewMegabytesAtATime() {
        List<Long> queue = new ArrayList<>();
        for (int round = 0; round < 80; round++) {
            for (int i = 0; i < 200; i++) {
                queue.add(enqueue(OWNER, 1000));
            }
            commit();
        }
        queue.forEach(place -> settle(place, 1000));
        long before = store.size();
        commit();
        assertThat(before - store.size()).isBetween(3L << 20, 4L << 20);
        commitWhatIsDue();
        assertThat(store.rows()).isEmpty();
    }

    /** As long as a row is there, what is over in it has to be said somewhere. */
    @Test
    void nothingThatIsOverComesBackWhileItsRowsGo() {
        List<Long> queue = new ArrayList<>();
        for (int round = 0; round < 2_000; round++) {
            for (int i = 0; i < 3; i++) {
                queue.add(enqueue(OWNER, 3_000));
            }
            commit();
        }
        int commits = 0;
        for (int from = 0; from < queue.size(); from += 2_000) {
            queue.subList(from, from + 2_000).forEach(place -> settle(place, 3_000));
            commit();
            assertThat(recovered()).isEqualTo(queue.size() - from - 2_000);
        }
        while (planner.isDue()) {
            commit();
            assertThat(recovered()).isZero();
            commits++;
        }
        assertThat(commits).as("it took some commits").isPositive();
        assertThat(store.rows()).isEmpty();
    }

    private int recovered() {
        Recovery recovery = new Recovery(store.restarted(), new OwnerIds(), new Segments());
        recovery.run();
        return recovery.take(OWNER).size();
    }

    @Test
    void whatIsSettledBeforeItIsCommittedIsNotWritten() {
        long place = enqueue(OWNER, 1000);
        enqueue(OWNER, 10);
        JournalBatch first = batch;
        batch = new JournalBatch(loop, ++lastSegment);
        settle(place, 1000);
        ChangesBuilder changes = planner.plan(List.of(first, batch), batch.segment + 1);
        assertThat(changes.added).hasSize(1);
        assertThat(changes.added.get(0).payload()).hasSizeLessThan(100);
    }

    /** A row whose messages can't be read is not written anew, because that would lose what may still be saved. */
    @Test
    void aDamagedRowStaysAsItIs() {
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            places.add(enqueue(OWNER, 1000));
            if (i % 100 == 99) {
                commit();
            }
        }
        long damaged = Place.segment(places.get(0));
        store.damage(damaged, InMemoryMessageJournal.Part.PAYLOAD, 12);
        byte[] payload = store.rows().get(damaged).payload();
        places.stream().filter(place -> Place.slot(place) % 10 != 0).forEach(place -> settle(place, 1000));
        commit();
        commitWhatIsDue();
        assertThat(store.rows().get(damaged).payload()).isEqualTo(payload);
        assertThat(store.size()).isLessThan(100_000 + LEAST_WASTE + 3 * JournalSegment.PAYLOAD_BYTES);
    }
}
