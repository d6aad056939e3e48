package io.leveret.broker.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.loop.ManualEventLoop;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmentReaderTests {
    private static final int OWNERS = 10;
    private static final int EACH = 600;
    private static final String BODY = "x".repeat(1_000);

    private final InMemoryMessageJournal store = new InMemoryMessageJournal();
    private final ManualEventLoops loops = new ManualEventLoops(1);
    private final ManualEventLoop loop = loops.get(0);
    private final Journal journal = Journal.open("test", store, loops.all(), new OwnerIds());
    private final LoopJournal ofLoop = journal.on(loop);

    @AfterEach
    void close() {
        store.stopFailing();
        loops.await(CompletableFuture.runAsync(journal::close));
    }

    private void await(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> {
                    loops.runAll();
                    assertion.run();
                });
    }

    /** Messages of several owners in turn; the places of each. */
    private long[][] append() {
        journal.start();
        long[][] places = new long[OWNERS][EACH];
        for (int i = 0; i < EACH; i++) {
            int at = i;
            loop.run(() -> {
                for (int owner = 0; owner < OWNERS; owner++) {
                    Message message = Messages.of(owner + "-" + at + BODY);
                    places[owner][at] = ofLoop.append(owner + 1, message, Message.NEVER, true, null, 0)
                            .place();
                }
            });
            loops.runAll();
        }
        await(() -> assertThat(ofLoop.isStored(places[OWNERS - 1][EACH - 1])).isTrue());
        return places;
    }

    @Test
    void givesASegmentToAllWhoNeedIt() {
        long[][] places = append();
        List<BlockRead> done = new ArrayList<>();
        loop.run(() ->
                IntStream.range(0, OWNERS).forEach(owner -> ofLoop.paging().read(places[owner], 0, EACH, done::add)));
        await(() -> assertThat(done).hasSize(OWNERS));
        assertThat(store.reads()).isLessThanOrEqualTo(store.rows().size() + OWNERS);
        for (BlockRead read : done) {
            String owner = Messages.body(read.message(0)).substring(0, 2);
            for (int i = 0; i < EACH; i++) {
                assertThat(Messages.body(read.message(i))).isEqualTo(owner + i + BODY);
            }
        }
    }

    @Test
    void readsNothingThatNobodyWantsAnyMore() {
        long[][] places = append();
        store.failNextReads(1_000_000, new JournalException("gone", null));
        List<BlockRead> done = new ArrayList<>();
        loop.run(() -> {
            ofLoop.paging().read(places[0], 0, 1, done::add);
            ofLoop.paging().read(places[1], EACH - 1, EACH, done::add).cancel();
        });
        await(() -> assertThat(done).hasSize(1));
        assertThat(done.get(0).message(EACH - 1)).isNull();
    }

    @Test
    void whatIsNotThereIsNull() {
        long[][] places = append();
        long[] wanted = {places[0][0], Place.of(1_000_000, 3), places[0][EACH - 1]};
        List<BlockRead> done = new ArrayList<>();
        loop.run(() -> ofLoop.paging().read(wanted, 0, 3, done::add));
        await(() -> assertThat(done).hasSize(1));
        assertThat(done.get(0).message(0)).isNotNull();
        assertThat(done.get(0).message(1)).isNull();
        assertThat(done.get(0).message(2)).isNotNull();
    }

    @Test
    void closesWhileTheStoreIsGone() {
        long[][] places = append();
        store.failNextReads(1_000_000, new JournalException("gone", null));
        List<BlockRead> done = new ArrayList<>();
        loop.run(() -> ofLoop.paging().read(places[0], 0, 1, done::add));
        await(() -> assertThat(store.reads()).isPositive());
        loops.await(CompletableFuture.runAsync(journal::close));
        loops.runAll();
        assertThat(done).isEmpty();
    }
}
