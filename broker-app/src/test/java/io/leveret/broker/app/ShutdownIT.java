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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while clients publish and consume. */
class ShutdownIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration IN_TIME = Duration.ofSeconds(15);
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int ROUNDS = 2;

    @TempDir
    Path folder;

    @Test
    void losesNothingConfirmedAndKnowsWhatWasDelivered() throws Exception {
        List<Lane> lanes = Lane.all();
        Ledger ledger = new Ledger(lanes);
        try (Server server = Servers.in(folder)) {
            server.start();
            Traffic.declare(server::connect, lanes);
            for (int round = 1; round <= ROUNDS; round++) {
                Traffic traffic = new Traffic(server::connect, ledger, lanes, round);
                traffic.startConsumers().startPublishers();
                traffic.run(Duration.ofMillis(1_500));
                traffic.expectEnd();
                long end = System.nanoTime();
                server.stop();
                assertThat(Duration.ofNanos(System.nanoTime() - end))
                        .as("time from SIGTERM to the end")
                        .isLessThan(IN_TIME);
                traffic.awaitEnd();
                ledger.endLife(Ledger.End.STOPPED, end, WINDOW);
                assertThat(ledger.violations()).as("round " + round).isEmpty();
                assertThat(server.log()).doesNotContain("ERROR").doesNotContain("Exception");

                server.start();
                ledger.checkCounts(Traffic.counts(server::connect, lanes));
                assertThat(ledger.violations()).as("after round " + round).isEmpty();
            }
            Traffic.drain(server::connect, ledger, lanes);
            ledger.checkNothingMissing();
            assertThat(ledger.violations()).as("drained").isEmpty();
            for (Lane lane : lanes) {
                for (String queue : lane.queues()) {
                    assertThat(ledger.markedUnseen(queue))
                            .as("messages of " + queue + " that are called redelivered, though no client has seen them;"
                                    + " more than can have been on their way")
                            .isLessThanOrEqualTo(ROUNDS * lane.consumers() * Traffic.PREFETCH);
                }
            }
            assertThat(ledger.confirmed()).isGreaterThan(200);
        }
    }

    @Test
    void marksWhatWasDeliveredAndNothingElse() throws Exception {
        try (Server server = Servers.in(folder)) {
            server.start();
            Connection connection = server.connect();
            Channel channel = connection.createChannel();
            channel.queueDeclare("marks", true, false, false, null);
            channel.confirmSelect();
            for (int i = 0; i < 500; i++) {
                channel.basicPublish("", "marks", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[] {(byte) i});
            }
            channel.waitForConfirmsOrDie(60_000);
            AtomicInteger delivered = new AtomicInteger();
            channel.basicQos(30);
            channel.basicConsume("marks", false, (tag, message) -> delivered.incrementAndGet(), tag -> {});
            await().atMost(PATIENCE).until(() -> delivered.get() == 30);
            server.stop();

            server.start();
            List<Boolean> marks = new ArrayList<>();
            try (Connection again = server.connect()) {
                Channel taking = again.createChannel();
                for (GetResponse got = taking.basicGet("marks", true);
                        got != null;
                        got = taking.basicGet("marks", true)) {
                    assertThat(got.getBody()).containsExactly((byte) marks.size());
                    marks.add(got.getEnvelope().isRedeliver());
                }
            }
            assertThat(marks).hasSize(500);
            assertThat(marks.subList(0, 30)).containsOnly(true);
            assertThat(marks.subList(30, 500)).containsOnly(false);
        }
    }
}
