package io.leveret.broker.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.journal.InMemoryMessageJournal;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.JournalContents;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.Message;
import io.leveret.broker.message.Messages;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiptTests {
    private static final long OWNER = 7;

    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final InMemoryMessageJournal store = new InMemoryMessageJournal();
    private final Journal journal = Journal.open("test", store, loops.all(), new OwnerIds());
    private final Relay relay = new Relay(loops.all(), loops.get(0), new MemoryInUse(2), journal, name -> null, 1);
    private final LoopRelay home = relay.on(loops.get(0));
    private Message original = Messages.of("a");

    @BeforeEach
    void store() {
        journal.start();
        original =
                loops.get(0).call(() -> journal.on(loops.get(0)).append(OWNER, original, Message.NEVER, true, null, 0));
        await(() -> assertThat(JournalContents.entries(store, OWNER)).isEqualTo(1));
    }

    @AfterEach
    void close() {
        loops.await(CompletableFuture.runAsync(journal::close));
    }

    private void await(Runnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            loops.runAll();
            assertion.run();
        });
    }

    private void assertSettled(int count) {
        loops.await(CompletableFuture.runAsync(journal::close));
        assertThat(JournalContents.settlements(store, OWNER)).isEqualTo(count);
    }

    private Receipt receiptForTwoQueues() {
        return loops.get(0).call(() -> {
            Receipt receipt = home.receipt(original.place());
            assertThat(receipt).isNotNull();
            receipt.expect();
            receipt.expect();
            receipt.complete();
            return receipt;
        });
    }

    @Test
    void thereIsNoneForWhatTheJournalDoesNotHave() {
        assertThat(home.receipt(Message.NOWHERE)).isNull();
    }

    @Test
    void settlesWhenTheLastQueueHasStoredTheMessage() {
        Receipt receipt = receiptForTwoQueues();
        loops.get(0).run(() -> receipt.onEnqueued(0, true));
        loops.runAll();
        CompletableFuture<Void> settled = relay.stop();
        loops.runAll();
        assertThat(settled).isNotDone();
        loops.get(1).run(() -> receipt.onEnqueued(1, true));
        loops.runAll();
        assertThat(settled).isDone();
        assertSettled(1);
    }

    @Test
    void settlesNothingThatAQueueCouldNotStore() {
        Receipt receipt = receiptForTwoQueues();
        loops.get(0).run(() -> receipt.onEnqueued(0, true));
        loops.get(1).run(() -> receipt.onEnqueued(1, false));
        loops.runAll();
        CompletableFuture<Void> settled = relay.stop();
        loops.runAll();
        assertThat(settled).as("nobody waits for it").isDone();
        assertSettled(0);
    }

    @Test
    void whatTheJournalHasStaysThereOnceItIsStopped() {
        Exchange exchange = Exchange.defaultExchange("/", name -> null);
        CompletableFuture<Void> settled = relay.stop();
        loops.runAll();
        assertThat(settled).isDone();
        loops.get(0).run(() -> home.add(new Publication(exchange, original)));
        loops.runAll();
        assertSettled(0);
    }

    @Test
    void whatIsDroppedBecauseThereIsTooMuchIsOver() {
        Exchange exchange = Exchange.defaultExchange("/", name -> null);
        RelayWork multiplying = new RelayWork() {
            @Override
            public void run(LoopRelay on) {
                on.add(new Publication(exchange, Messages.of("first")));
                on.add(new Publication(exchange, original));
            }

            @Override
            public int bytes() {
                return 1;
            }
        };
        loops.get(0).run(() -> home.add(multiplying));
        loops.get(0).step();
        assertSettled(1);
    }
}
