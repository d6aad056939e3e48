package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.leveret.broker.app.traffic.DefinitionsLedger;
import io.leveret.broker.app.traffic.Lane;
import io.leveret.broker.app.traffic.Ledger;
import io.leveret.broker.app.traffic.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments. {@code -Dbroker.crash.rounds=50} for more of it, {@code -Dbroker.crash.seed=N} for the moments of
 * another run, {@code -Dbroker.crash.window=MILLIS} where disks are slow.
 */
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("broker.crash.rounds", 10);
    private static final long SEED = Long.getLong("broker.crash.seed", System.nanoTime() % 1_000_000);

    /** How long before the end an ack must have been sent to be on disk for sure. */
    private static final Duration WINDOW = Duration.ofMillis(Integer.getInteger("broker.crash.window", 1_000));

    @TempDir
    Path folder;

    @Test
    @Timeout(3600)
    void losesNothingConfirmedAndRepeatsNothingSettled() throws Exception {
        String seed = "-Dbroker.crash.seed=" + SEED;
        Random random = new Random(SEED);
        List<Lane> lanes = Lane.all();
        Ledger ledger = new Ledger(lanes);
        DefinitionsLedger definitions = new DefinitionsLedger();
        try (Server server = Servers.in(folder)) {
            server.start();
            Traffic.declare(server::connect, lanes);
            for (int round = 1; round <= ROUNDS; round++) {
                live(server, ledger, definitions, random, round % 5 == 0);
                assertThat(ledger.violations())
                        .as("round " + round + ", " + seed)
                        .isEmpty();
                server.start();
                ledger.checkCounts(Traffic.counts(server::connect, lanes));
                definitions.check(server::connect);
                assertThat(ledger.violations())
                        .as("after round " + round + ", " + seed)
                        .isEmpty();
                assertThat(definitions.violations())
                        .as("after round " + round + ", " + seed)
                        .isEmpty();
            }
            Traffic.drain(server::connect, ledger, lanes);
            ledger.checkNothingMissing();
            assertThat(ledger.violations()).as("drained after " + seed).isEmpty();

            server.stop();
            ledger.endLife(Ledger.End.STOPPED, System.nanoTime(), Duration.ZERO);
            server.start();
            assertThat(Traffic.counts(server::connect, lanes))
                    .as("all was acked, " + seed)
                    .allSatisfy((queue, count) -> assertThat(count).isZero());
            assertThat(ledger.confirmed()).isGreaterThan(100L * ROUNDS);
            assertThat(definitions.answered()).isGreaterThan(ROUNDS);
            System.out.println("CrashIT, " + ROUNDS + " rounds, " + seed + ": " + ledger.summary() + ", "
                    + definitions.answered() + " definitions answered");
        }
    }

    /** @param quietly whether the last acks are long before the end */
    private static void live(
            Server server, Ledger ledger, DefinitionsLedger definitions, Random random, boolean quietly)
            throws Exception {
        Traffic traffic = new Traffic(server::connect, ledger, Lane.all(), random.nextLong());
        traffic.startConsumers().startPublishers();
        Duration time = Duration.ofMillis(300 + random.nextInt(1_200));
        long churnSeed = random.nextLong();
        CompletableFuture<Void> churn = CompletableFuture.runAsync(() -> {
            try {
                definitions.churn(server::connect, new Random(churnSeed), WINDOW.multipliedBy(60));
            } catch (IOException | TimeoutException e) {
                throw new CompletionException(e);
            }
        });
        traffic.run(time);
        if (quietly) {
            traffic.silenceConsumers();
            traffic.run(WINDOW.plusMillis(200));
        }
        assertThat(churn).as("declaring and deleting").isNotDone();
        traffic.expectEnd();
        long end = System.nanoTime();
        server.kill();
        traffic.awaitEnd();
        churn.handle((done, failure) -> failure == null ? fail("the churn outlived the broker") : null)
                .join();
        ledger.endLife(Ledger.End.KILLED, end, WINDOW);
    }
}
