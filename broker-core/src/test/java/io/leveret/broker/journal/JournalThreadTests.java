package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much goes into one commit. */
class JournalThreadTests {
    private static final long MOST_BYTES = 2_500;

    private final InMemoryMessageJournal store = new InMemoryMessageJournal();
    /** Never run: what comes back to them stays where it is. */
    private final TestJournal loops = new TestJournal(new InMemoryMessageJournal());

    private final Segments segments = new Segments();
    private final JournalThread work = new JournalThread(
            store,
            new CommitPlanner(segments, new Tidying(store, segments)),
            () -> Long.MAX_VALUE,
            MOST_BYTES,
            new JournalBatch(loops.on(0), 0));
    private final Thread thread = new Thread(work);
    private long segment;

    @AfterEach
    void end() throws InterruptedException {
        store.releaseCommits();
        work.end(null, 0);
        thread.join(Duration.ofSeconds(20).toMillis());
    }

    @Test
    void putsNoMoreIntoOneCommitThanItShould() {
        thread.start();
        store.blockCommits();
        work.take(batch(10));
        await(() -> store.waitingCommits() == 1);
        for (int bytes : new int[] {1_000, 1_000, 1_000, 4_000, 1_000, 500}) {
            work.take(batch(bytes));
        }
        store.releaseCommits();
        await(() -> store.rows().size() == 7);

        List<Integer> commits = new ArrayList<>();
        for (JournalChanges changes : store.history()) {
            commits.add(changes.added().size());
        }
        assertThat(commits).as("segments in each commit").containsExactly(1, 2, 1, 1, 2);
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60))
                .until(condition);
    }

    private JournalBatch batch(int bytes) {
        JournalBatch batch = new JournalBatch(loops.on(0), ++segment);
        batch.add(7, TestJournal.message(new byte[bytes]), Message.NEVER, SegmentEntries.LASTING, null, 0);
        return batch;
    }
}
