package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.leveret.broker.app.traffic.Lane;
import io.leveret.broker.app.traffic.Ledger;
import io.leveret.broker.app.traffic.Traffic;
import io.leveret.broker.store.StoreConfig;
import io.leveret.broker.store.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL goes away for some seconds under load. */
class DatabaseGoneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int INTERNAL_ERROR = 541;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "killed: {0}")
    @ValueSource(booleans = {false, true})
    void clientsWaitOrAreRefusedAndGoOn(boolean killed) throws Exception {
        List<Lane> lanes = Lane.all();
        Ledger ledger = new Ledger(lanes);
        try (PostgresServer database = PostgresServer.start()) {
            StoreConfig store = database.newDatabase();
            try (LeveretServer server = new LeveretServer(
                    folder,
                    "--broker.store.url=" + store.url(),
                    "--broker.store.username=" + store.username(),
                    "--broker.store.password=" + store.password())) {
                server.start();
                Traffic.declare(server::connect, lanes);
                Traffic traffic = new Traffic(server::connect, ledger, lanes, 1);
                traffic.startConsumers().startPublishers();
                await().atMost(PATIENCE).until(() -> traffic.confirmed() > 500);

                if (killed) {
                    database.kill();
                } else {
                    database.stop();
                }
                Connection declaring = server.connect();
                try {
                    CompletableFuture<Void> declared = declareAsync(declaring);
                    traffic.run(Duration.ofSeconds(4));
                    assertThat(health(server)).contains("\"DOWN\"", "commits fail");
                    assertThat(ledger.violations()).isEmpty();
                    assertThat(traffic.isConnected()).as("connections stay").isTrue();

                    database.startAgain();
                    long before = traffic.confirmed();
                    await("publishers go on").atMost(PATIENCE).until(() -> traffic.confirmed() > before + 500);
                    assertThat(traffic.isConnected()).as("connections stay").isTrue();
                    // what is consumed at once is confirmed without the database
                    await("the journal commits")
                            .atMost(PATIENCE)
                            .until(() -> !health(server).contains("\"DOWN\""));
                    succeedsOrFailsWithInternalError(declared);
                } finally {
                    // close would not like that the broker has closed it, which is one of the answers
                    declaring.abort();
                }
                traffic.finish();
                assertThat(ledger.violations()).isEmpty();
                ledger.checkCounts(Traffic.counts(server::connect, lanes));

                long end = System.nanoTime();
                server.kill();
                ledger.endLife(Ledger.End.KILLED, end, Duration.ofSeconds(1));
                server.start();
                ledger.checkCounts(Traffic.counts(server::connect, lanes));
                Traffic.drain(server::connect, ledger, lanes);
                ledger.checkNothingMissing();
                assertThat(ledger.violations()).isEmpty();
            }
        }
    }

    private static String health(LeveretServer server) throws IOException, InterruptedException {
        return server.process().get("/actuator/health").body();
    }

    private static CompletableFuture<Void> declareAsync(Connection connection) {
        CompletableFuture<Void> declared = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        Channel channel = connection.createChannel();
                        channel.queueDeclare("declared-without-database", true, false, false, null);
                        declared.complete(null);
                    } catch (IOException | ShutdownSignalException e) {
                        declared.completeExceptionally(e);
                    }
                },
                "declaring");
        thread.setDaemon(true);
        thread.start();
        return declared;
    }

    private static void succeedsOrFailsWithInternalError(CompletableFuture<Void> declared)
            throws InterruptedException, TimeoutException {
        try {
            declared.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e).hasRootCauseInstanceOf(ShutdownSignalException.class);
            ShutdownSignalException signal = (ShutdownSignalException) rootOf(e);
            assertThat(signal.getReason()).isInstanceOfAny(AMQP.Channel.Close.class, AMQP.Connection.Close.class);
            assertThat(signal.getReason().toString()).contains("reply-code=" + INTERNAL_ERROR);
        }
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
