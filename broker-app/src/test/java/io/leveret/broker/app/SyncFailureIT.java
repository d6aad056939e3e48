package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leveret.broker.app.traffic.Lane;
import io.leveret.broker.app.traffic.Ledger;
import io.leveret.broker.app.traffic.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk does not take what is synced. */
class SyncFailureIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Lane> LANES = List.of(Lane.plain("synced", 2, 1), Lane.plain("other", 1, 1));

    @TempDir
    Path folder;

    @Test
    void confirmsNothingWhileSyncsFail() throws Exception {
        Ledger ledger = new Ledger(LANES);
        try (LeveretServer server = new LeveretServer(folder)) {
            Traffic traffic = load(server, ledger);
            try (SyncFaults faults = SyncFaults.attach(server.process().pid(), folder, "1+")) {
                faults.awaitFailure();
                // Confirms of what was synced before may still be on their way.
                traffic.run(Duration.ofMillis(300));
                long before = traffic.confirmed();
                traffic.run(Duration.ofSeconds(2));
                assertThat(traffic.confirmed())
                        .as("confirms while nothing can be synced")
                        .isEqualTo(before);
                assertThat(ledger.violations()).isEmpty();
            }
            nothingConfirmedIsLost(server, traffic, ledger);
        }
    }

    @Test
    void goesOnAfterOneFailedSync() throws Exception {
        Ledger ledger = new Ledger(LANES);
        try (LeveretServer server = new LeveretServer(folder)) {
            Traffic traffic = load(server, ledger);
            try (SyncFaults faults = SyncFaults.attach(server.process().pid(), folder, "3")) {
                faults.awaitFailure();
            }
            nothingConfirmedIsLost(server, traffic, ledger);
        }
    }

    private static Traffic load(LeveretServer server, Ledger ledger) throws Exception {
        server.start();
        Traffic.declare(server::connect, LANES);
        Traffic traffic = new Traffic(server::connect, ledger, LANES, 1).mostBacklog(100_000);
        traffic.startPublishers();
        await().atMost(PATIENCE).until(() -> traffic.confirmed() > 200);
        return traffic;
    }

    /** Whether the broker goes on or ends. */
    private static void nothingConfirmedIsLost(LeveretServer server, Traffic traffic, Ledger ledger) throws Exception {
        long before = traffic.confirmed();
        await("it goes on").atMost(PATIENCE).until(() -> traffic.confirmed() > before + 100);
        assertThat(traffic.isConnected()).as("connections stay").isTrue();
        traffic.finish();
        assertThat(ledger.violations()).isEmpty();
        ledger.checkCounts(Traffic.counts(server::connect, LANES));

        long end = System.nanoTime();
        server.kill();
        ledger.endLife(Ledger.End.KILLED, end, Duration.ZERO);
        server.start();
        ledger.checkCounts(Traffic.counts(server::connect, LANES));
        Traffic.drain(server::connect, ledger, LANES);
        ledger.checkNothingMissing();
        assertThat(ledger.violations()).isEmpty();
    }
}
