package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Committing, failing, waiting and stopping. */
class JournalTests {
    private static final long OWNER = 7;
    private static final JournalException GONE = new JournalException("the database is gone", null);

    private final InMemoryMessageJournal store = new InMemoryMessageJournal();
    private final TestJournal journal = TestJournal.started(store);

    @AfterEach
    void close() {
        store.stopFailing();
        store.releaseCommits();
        journal.close(false);
    }

    private void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    journal.loops.runAll();
                    return condition.call();
                });
    }

    private long append(long tag) {
        return journal.append(0, OWNER, TestJournal.message("m" + tag), tag);
    }

    @Test
    void tellsWhoWaitsWhenItIsOnDisk() {
        store.blockCommits();
        append(1);
        await(() -> store.waitingCommits() == 1);
        assertThat(journal.heard).isEmpty();
        store.releaseCommits();
        journal.commitAll();
        assertThat(journal.heard).containsExactly("1 true");
    }

    @Test
    void commitsTogetherWhatCameWhileItWasBusy() {
        store.blockCommits();
        append(1);
        await(() -> store.waitingCommits() == 1);
        append(2);
        journal.append(1, OWNER, TestJournal.message("other loop"), 3);
        journal.loops.runAll();
        append(4);
        store.releaseCommits();
        journal.commitAll();
        assertThat(store.commits()).isLessThanOrEqualTo(3);
        assertThat(journal.heard).containsExactlyInAnyOrder("1 true", "2 true", "3 true", "4 true");
    }

    @Test
    void triesAgainUntilItWorks() {
        store.failNextCommits(3, GONE);
        append(1);
        journal.commitAll();
        assertThat(journal.heard).containsExactly("1 true");
        assertThat(store.triedCommits()).isEqualTo(4);
        assertThat(journal.journal.isAvailable()).isTrue();
    }

    @Test
    void isNotAvailableWhileCommitsFail() {
        store.failNextCommits(1_000_000, GONE);
        append(1);
        await(() -> journal.journal.state() == JournalState.FAILING);
        assertThat(journal.journal.isAvailable()).isFalse();
        assertThat(journal.heard).isEmpty();
        store.stopFailing();
        journal.commitAll();
        assertThat(journal.journal.isAvailable()).isTrue();
        assertThat(journal.heard).containsExactly("1 true");
    }

    @Test
    void goesOnAfterAFailureThatNobodyHasForeseen() {
        store.failNextCommits(1, new IllegalStateException("unforeseen"));
        append(1);
        journal.commitAll();
        assertThat(journal.heard).containsExactly("1 true");
    }

    @Test
    void makesChangesAgainThatSeemedToFail() {
        store.failNextCommitsOnceMade(1, GONE);
        append(1);
        journal.commitAll();
        assertThat(journal.heard).containsExactly("1 true");
        assertThat(store.rows()).hasSize(1);
    }

    @Test
    void refusesWhatCouldNotBeSyncedAndWritesItAgain() {
        store.failNextCommits(1, new UnsyncedCommitException("not synced", new IllegalStateException()));
        append(1);
        await(() -> !journal.heard.isEmpty());
        journal.commitAll();
        append(2);
        journal.commitAll();
        assertThat(journal.heard).containsExactly("1 false", "2 true");
        assertThat(store.commits()).isEqualTo(2);
        assertThat(store.rows()).hasSize(2);
    }

    @Test
    void refusesEverythingAfterADefectOfItsOwn() {
        journal.store(0, OWNER, "a");
        journal.heard.clear();
        append(1);
        journal.settle(0, Place.of(1, 500)); // which was never given
        await(() -> journal.journal.state() == JournalState.BROKEN);
        await(() -> journal.heard.contains("1 false"));
        assertThat(journal.journal.isAvailable()).isFalse();
    }

    @Test
    void isCongestedWhenTooMuchWaitsForTheDisk() {
        LoopJournal loop = journal.on(0);
        List<String> relieved = new ArrayList<>();
        store.blockCommits();
        assertThat(loop.isCongested()).isFalse();
        for (int i = 0; i < 40 && !loop.isCongested(); i++) {
            journal.append(0, OWNER, TestJournal.message(new byte[512 * 1024]), i);
        }
        assertThat(loop.isCongested()).isTrue();
        assertThat(journal.on(1).isCongested()).isFalse();
        journal.loops.get(0).run(() -> loop.onRelief(() -> relieved.add("relief")));
        journal.loops.runAll();
        assertThat(relieved).isEmpty();
        store.releaseCommits();
        await(() -> !relieved.isEmpty());
        assertThat(loop.isCongested()).isFalse();
        journal.commitAll();
        assertThat(relieved).hasSize(1);
    }

    @Test
    void holdsUpWhoStoresNothingOnlyWhileMemoryIsShort() {
        MemoryInUse memory = new MemoryInUse(2, 1_000_000);
        InMemoryMessageJournal slow = new InMemoryMessageJournal();
        slow.blockCommits();
        try (Journal other = Journal.open("other", slow, journal.loops.all(), new OwnerIds(), memory)) {
            EventLoop eventLoop = journal.loops.get(0);
            LoopJournal loop = other.on(eventLoop);
            Message message = TestJournal.message(new byte[512 * 1024]);
            journal.loops.get(0).run(() -> {
                for (int i = 0; i < 40 && !loop.isCongested(); i++) {
                    loop.append(OWNER, message, Message.NEVER, true, null, 0);
                }
            });
            assertThat(loop.holdsUp(true)).isTrue();
            assertThat(loop.holdsUp(false)).isFalse();
            memory.of(eventLoop).add(2_000_000);
            assertThat(loop.holdsUp(false)).isTrue();
            slow.releaseCommits();
        }
    }

    @Test
    void countsWhatItTakesToWriteUntilItIsWritten() {
        store.blockCommits();
        append(1);
        await(() -> store.waitingCommits() == 1);
        assertThat(journal.memory.total()).isGreaterThan(100);
        store.releaseCommits();
        journal.commitAll();
        assertThat(journal.memory.total()).isZero();
    }

    @Test
    void holdsNothingThatIsOverBeforeItsTurnComes() {
        LoopJournal loop = journal.on(0);
        store.blockCommits();
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            places.add(journal.append(0, OWNER, TestJournal.message(new byte[300 * 1024]), i));
        }
        assertThat(loop.isCongested()).isTrue();
        places.forEach(place -> journal.settle(0, place));
        assertThat(loop.isCongested()).isFalse();
        assertThat(journal.heard).hasSize(400).allMatch(answer -> answer.endsWith(" true"));
        store.releaseCommits();
        journal.commitAll();
        assertThat(store.bytesWritten()).as("what was under way").isLessThan(10 << 20);
        assertThat(store.rows()).isEmpty();
    }

    @Test
    void commitsWhatIsNotHandedOverWhenItCloses() {
        store.blockCommits();
        append(1);
        await(() -> store.waitingCommits() == 1);
        append(2);
        store.releaseCommits();
        journal.close(true);
        Recovery recovery = new Recovery(store.restarted(), new OwnerIds(), new Segments());
        recovery.run();
        assertThat(recovery.take(OWNER).size()).isEqualTo(2);
        assertThat(recovery.closingSegments()).hasSize(1);
        assertThat(store.isClosed()).isTrue();
    }

    @Test
    void closesTheStoreAfterItsLastCommitAlsoOnAThreadThatIsInterrupted() throws InterruptedException {
        store.blockCommits();
        append(1);
        await(() -> store.waitingCommits() == 1);
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        Thread hurry = new Thread(() -> {
            Thread.currentThread().interrupt();
            journal.journal.close(true);
            stillInterrupted.complete(Thread.interrupted());
        });
        hurry.start();
        for (int i = 0; i < 3; i++) {
            await(() -> !hurry.isInterrupted() && hurry.getState() == Thread.State.TIMED_WAITING);
            hurry.interrupt();
        }
        assertThat(store.isClosed()).isFalse();
        store.releaseCommits();
        assertThat(journal.loops.await(stillInterrupted)).isTrue();
        assertThat(store.isClosed()).isTrue();
        assertThat(HandedOut.isKind(store.rows().lastEntry().getValue().entries()))
                .as("the stop was a clean one")
                .isTrue();
    }

    @Test
    void forgetsWhatNobodyTakes() {
        journal.store(0, OWNER, "a");
        TestJournal next = journal.killed();
        next.journal.start();
        await(() -> next.store.rows().isEmpty());
        next.close(false);
    }

    @Test
    void readsAMessageWhereverItsRowHasGone() {
        long first = journal.store(0, OWNER, "first");
        for (int i = 0; i < 1200; i++) {
            journal.store(0, OWNER, "m" + i);
        }
        long last = journal.store(0, OWNER, "last");
        await(() -> store.rows().size() < 1100);
        assertThat(TestJournal.body(journal.journal.read(first).message(first))).isEqualTo("first");
        assertThat(TestJournal.body(journal.journal.read(last).message(last))).isEqualTo("last");
        long merged = Place.of(Place.segment(first) + 1, 0);
        assertThat(TestJournal.body(journal.journal.read(merged).message(merged)))
                .isEqualTo("m0");
    }
}
