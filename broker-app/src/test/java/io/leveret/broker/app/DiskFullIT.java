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

/** The data directory is on a small file system that becomes full, and then has space again. */
class DiskFullIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Lane> LANES = List.of(Lane.plain("full", 2, 1), Lane.plain("other", 1, 1));

    @TempDir
    Path folder;

    @Test
    void publishersAreBlockedBeforeTheDiskIsFull() throws Exception {
        Ledger ledger = new Ledger(LANES);
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("data"), 300);
                LeveretServer server = new LeveretServer(folder, "--broker.alarms.disk-free-limit=100MB")) {
            disk.fill(100);
            server.start();
            Traffic.declare(server::connect, LANES);
            Traffic traffic = new Traffic(server::connect, ledger, LANES, 1).mostBacklog(1_000_000);
            traffic.startPublishers();
            await("connection.blocked")
                    .atMost(PATIENCE)
                    .until(() -> traffic.blockedPublishers() == traffic.publisherCount());
            assertThat(disk.usableMegabytes())
                    .as("what is left when publishers are blocked")
                    .isPositive();
            assertThat(server.process().get("/actuator/health").body()).contains("\"alarms\":[\"disk\"]");
            assertThat(traffic.nacked()).isZero();
            goesOnWithSpace(disk, server, traffic, ledger);
        }
    }

    @Test
    void nothingConfirmedIsLostWhenTheDiskIsFull() throws Exception {
        Ledger ledger = new Ledger(LANES);
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("data"), 120);
                LeveretServer server = new LeveretServer(folder, "--broker.alarms.enabled=false")) {
            disk.fill(60);
            server.start();
            Traffic.declare(server::connect, LANES);
            Traffic traffic = new Traffic(server::connect, ledger, LANES, 2).mostBacklog(1_000_000);
            traffic.startPublishers();
            await("a nack, or no confirm for seconds")
                    .atMost(PATIENCE)
                    .until(() -> traffic.nacked() > 0 || standsStill(traffic));
            goesOnWithSpace(disk, server, traffic, ledger);
        }
    }

    private static boolean standsStill(Traffic traffic) throws InterruptedException {
        long before = traffic.confirmed();
        traffic.run(Duration.ofSeconds(3));
        return before > 0 && traffic.confirmed() == before;
    }

    private static void goesOnWithSpace(SmallDisk disk, LeveretServer server, Traffic traffic, Ledger ledger)
            throws Exception {
        assertThat(server.isAlive()).isTrue();
        assertThat(traffic.isConnected()).as("connections stay").isTrue();
        long before = traffic.confirmed();
        assertThat(before).isPositive();
        traffic.mostBacklogFromNow(300);

        disk.free();
        await("publishers go on").atMost(PATIENCE).until(() -> traffic.confirmed() > before + 100);
        await("publishers are free").atMost(PATIENCE).until(() -> traffic.blockedPublishers() == 0);
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
