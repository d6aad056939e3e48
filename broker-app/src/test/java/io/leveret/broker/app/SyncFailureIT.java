package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.leveret.broker.app.traffic.Lane;
import io.leveret.broker.app.traffic.Ledger;
import io.leveret.broker.app.traffic.Traffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

    /** Alone, because among many nobody can tell for which the sync failed. */
    @Test
    void doesNotConfirmTheMessageWhoseSyncFailed() throws Exception {
        try (LeveretServer server = new LeveretServer(folder)) {
            server.start();
            Connection connection = server.connect();
            Channel channel = connection.createChannel();
            channel.queueDeclare("one", true, false, false, null);
            channel.confirmSelect();
            BlockingQueue<String> answers = new LinkedBlockingQueue<>();
            channel.addConfirmListener(
                    (tag, multiple) -> answers.add("ack " + tag), (tag, multiple) -> answers.add("nack " + tag));
            publish(channel, "before");
            assertThat(next(answers)).isEqualTo("ack 1");

            try (SyncFaults faults = SyncFaults.attach(server.process().pid(), folder, "1+")) {
                publish(channel, "during");
                faults.awaitFailure();
                assertThat(next(answers)).as("its commit may be on disk or not").isEqualTo("nack 2");
            }
            publish(channel, "after");
            assertThat(next(answers)).as("it goes on").isEqualTo("ack 3");
            server.kill();

            server.start();
            List<String> texts = new ArrayList<>();
            try (Connection again = server.connect()) {
                Channel taking = again.createChannel();
                for (GetResponse got = taking.basicGet("one", true); got != null; got = taking.basicGet("one", true)) {
                    texts.add(new String(got.getBody(), StandardCharsets.UTF_8));
                }
            }
            assertThat(texts)
                    .as("what was not confirmed may be there")
                    .isIn(List.of("before", "after"), List.of("before", "during", "after"));
        }
    }

    private static String next(BlockingQueue<String> answers) throws InterruptedException {
        return answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void publish(Channel channel, String text) throws IOException {
        channel.basicPublish(
                "", "one", MessageProperties.MINIMAL_PERSISTENT_BASIC, text.getBytes(StandardCharsets.UTF_8));
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
