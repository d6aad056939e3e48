package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.loop.ManualEventLoop;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands to, and deliveries from, queues of another loop. */
class ClientConnectionTests {
    private final TestBroker broker = new TestBroker();
    private final ManualEventLoop otherLoop = broker.loops.get(1);
    private final TestClient client = broker.connect(0);
    private final TestChannel channel = client.open();

    @BeforeEach
    void declare() {
        broker.connect(1).open().declare("far");
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void theCommandsOfATurnTravelAsOneTask() {
        channel.publish("far", "a", "b", "c");
        assertThat(otherLoop.step()).isTrue();
        assertThat(otherLoop.hasTasks()).isFalse();
        assertThat(channel.counts("far")).startsWith("[ready=3");
    }

    @Test
    void moreThanABatchHoldsStaysInOrder() {
        int count = CommandBatch.LIMIT * 2 + 5;
        String[] bodies = new String[count];
        for (int i = 0; i < count; i++) {
            bodies[i] = "" + i;
        }
        channel.publish("far", bodies);
        channel.consume("far", "c", true);
        assertThat(channel.bodies()).containsExactly(bodies);
    }

    @Test
    void requeueCancelAndGetKeepTheirOrder() {
        channel.publish("far", "a", "b");
        channel.consume("far", "c");
        CompletableFuture<Fetched> got = client.turn(() -> {
            channel.channel.nack(2, false, true);
            channel.channel.cancel("c");
            channel.channel.nack(1, false, true);
            return channel.channel.get("far", true);
        });
        broker.await(got);
        assertThat(channel.bodies()).containsExactly("a", "b", "b");
        assertThat(got.join().deliveryTag()).isEqualTo(4);
        assertThat(got.join().message().routingKey()).isEqualTo("far");
        assertThat(channel.counts("far")).isEqualTo("[ready=0, unacked=1, consumers=0]");
    }

    @Test
    void anAnswerComesAfterTheDeliveriesThatWereBeforeIt() {
        channel.consume("far", "c");
        channel.publish("far", "a");
        CompletableFuture<Void> cancelled = client.turn(() -> channel.channel.cancel("c"));
        cancelled.thenRun(() -> channel.output.log.add("cancelled"));
        broker.runAll();
        assertThat(channel.output.log).containsExactly("deliver 1 a to c", "cancelled");
    }

    @Test
    void stopsReadingEarlierWhenAllConnectionsOfTheLoopHaveMuchUnderWay() {
        String large = "x".repeat(1 << 20);
        TestClient[] others = new TestClient[8];
        for (int i = 0; i < others.length; i++) {
            others[i] = broker.connect(0);
            TestChannel publisher = others[i].open();
            for (int n = 0; n < 12; n++) {
                publisher.publish("far", large);
            }
        }
        assertThat(others[0].readingSuspended).isFalse();
        assertThat(others[7].readingSuspended).isTrue();
        channel.publish("far", "small");
        assertThat(client.readingSuspended).as("one with little under way").isFalse();
        channel.publish("far", "x".repeat(100_000));
        assertThat(client.readingSuspended).isTrue();
        assertThat(client.connection.held().get()).isGreaterThan(96L << 20);

        broker.runAll();
        assertThat(client.readingSuspended).isFalse();
        assertThat(others).allSatisfy(each -> assertThat(each.readingSuspended).isFalse());
        assertThat(client.connection.held().get()).isZero();
    }

    @Test
    void whatIsHeldForASlowConsumerWithoutAcksCountsAsMemoryInUse() {
        channel.consume("far", "c", true);
        client.writable(false);
        channel.publish("far", "x".repeat(1000), "x".repeat(1000));
        broker.runAll();
        assertThat(client.connection.held().get()).isBetween(2_000L, 3_000L);
        client.writable(true);
        assertThat(client.connection.held().get()).isZero();

        client.writable(false);
        channel.publish("far", "x".repeat(1000));
        broker.runAll();
        channel.cancel("c");
        assertThat(client.connection.held().get()).isZero();
    }

    @Test
    void whatATransactionHoldsCountsAsMemoryInUse() {
        TestChannel transactional = client.open();
        client.turn(() -> transactional.channel.txSelect());
        transactional.publish("far", "x".repeat(1000), "x".repeat(1000));
        assertThat(client.connection.held().get()).isBetween(2_000L, 3_000L);
        client.turn(() -> transactional.channel.txRollback());
        assertThat(client.connection.held().get()).isZero();
        transactional.publish("far", "x".repeat(1000));
        client.request(() -> transactional.channel.txCommit());
        assertThat(client.connection.held().get()).isZero();
        transactional.publish("far", "x".repeat(1000));
        client.close();
        assertThat(client.connection.held().get()).isZero();
    }

    @Test
    void stopsReadingWhenTooManyBytesAreUnderWayAndResumesWhenTheyHaveArrived() {
        String body = "x".repeat(4 << 20);
        channel.publish("far", body, body, body);
        assertThat(client.readingSuspended).isFalse();
        channel.publish("far", body);
        assertThat(client.readingSuspended).isTrue();
        otherLoop.step();
        otherLoop.step();
        assertThat(client.readingSuspended).as("nobody has told the connection").isTrue();
        broker.runAll();
        assertThat(client.readingSuspended).isFalse();
        assertThat(channel.counts("far")).startsWith("[ready=4");
    }

    @Test
    void aChangeOfTopologyComesAfterWhatWasPublishedBefore() {
        channel.publish("far", "a", "b");
        int dropped = client.request(() -> channel.channel.topology().deleteQueue("far", false, false));
        assertThat(dropped).isEqualTo(2);
    }

    @Test
    void anIdleConnectionHasNothingToSend() {
        client.turn(() -> {});
        assertThat(otherLoop.hasTasks()).isFalse();
        assertThat(client.loop.hasTasks()).isFalse();
    }
}
