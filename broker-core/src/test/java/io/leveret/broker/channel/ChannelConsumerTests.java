package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each with the queue on the consumer's loop (0) and on another (1). */
class ChannelConsumerTests {
    private final TestBroker broker = new TestBroker();
    private final TestClient client = broker.connect(0);
    private final TestChannel channel = client.open();

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void deliversWithRisingTags(int loop) {
        TestChannel publisher = queueOn(loop);
        publisher.publish("q", "a", "b");
        channel.consume("q", "c");
        publisher.publish("q", "d");
        broker.runAll();
        assertThat(channel.output.log).containsExactly("deliver 1 a to c", "deliver 2 b to c", "deliver 3 d to c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void holdsDeliveriesWhileTheClientDoesNotReadAndWritesThemInOrderLater(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c");
        client.writable(false);
        publisher.publish("q", "a", "b", "c");
        broker.runAll();
        assertThat(channel.bodies()).isEmpty();
        client.writable(true);
        broker.runAll();
        assertThat(channel.bodies()).containsExactly("a", "b", "c");
        publisher.publish("q", "d");
        broker.runAll();
        assertThat(channel.bodies()).containsExactly("a", "b", "c", "d");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aClientThatDoesNotReadIsGivenNoMoreThanItsCredit(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c");
        client.writable(false);
        publishMany(publisher, 3 * ChannelConsumer.CREDIT);
        assertThat(channel.counts("q"))
                .isEqualTo("[ready=" + 2 * ChannelConsumer.CREDIT + ", unacked=" + ChannelConsumer.CREDIT
                        + ", consumers=1]");
        client.writable(true);
        broker.runAll();
        assertThat(channel.bodies()).hasSize(3 * ChannelConsumer.CREDIT).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void creditComesBackAsDeliveriesAreWritten(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c", true);
        publishMany(publisher, 5 * ChannelConsumer.CREDIT + 7);
        assertThat(channel.bodies()).hasSize(5 * ChannelConsumer.CREDIT + 7);
        assertThat(channel.counts("q")).isEqualTo("[ready=0, unacked=0, consumers=1]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void cancelGivesBackWhatIsHeldInOrderAndNotAsRedelivered(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c");
        publisher.publish("q", "a");
        broker.runAll();
        client.writable(false);
        publisher.publish("q", "b", "c", "d");
        broker.runAll();
        channel.cancel("c");
        assertThat(channel.counts("q")).isEqualTo("[ready=3, unacked=1, consumers=0]");
        assertThat(getAll(publisher)).containsExactly("b", "c", "d");
        client.writable(true);
        broker.runAll();
        assertThat(channel.bodies()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void nothingIsDeliveredAfterTheCancelIsAnswered(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c");
        publisher.publish("q", "a");
        CompletableFuture<Void> cancelled = client.turn(() -> channel.channel.cancel("c"));
        publisher.publish("q", "b");
        broker.await(cancelled);
        int delivered = channel.bodies().size();
        publisher.publish("q", "c");
        broker.runAll();
        assertThat(channel.bodies()).hasSize(delivered);
        assertThat(channel.counts("q"))
                .isEqualTo("[ready=" + (3 - delivered) + ", unacked=" + delivered + ", consumers=0]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void closingTheChannelGivesEverythingBackInOrder(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c");
        publisher.publish("q", "a", "b");
        broker.runAll();
        client.writable(false);
        publisher.publish("q", "c", "d");
        broker.runAll();
        publisher.publish("q", "e");
        channel.close();
        assertThat(channel.counts("q")).isEqualTo("[ready=5, unacked=0, consumers=0]");
        assertThat(getAll(publisher)).containsExactly("a*", "b*", "c", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void deliveriesInFlightWhenTheConnectionIsLostComeBack(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c");
        publisher.publish("q", "a", "b");
        stepOnly(1);
        CompletableFuture<Void> closed = client.drop();
        broker.await(closed);
        assertThat(publisher.counts("q")).isEqualTo("[ready=2, unacked=0, consumers=0]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void deliveriesInFlightWhenTheChannelClosesDuringACancelComeBack(int loop) {
        TestChannel publisher = queueOn(loop);
        channel.consume("q", "c");
        publisher.publish("q", "a", "b");
        client.turn(() -> channel.channel.cancel("c"));
        client.turn(channel.channel::close);
        broker.runAll();
        assertThat(publisher.counts("q")).isEqualTo("[ready=2, unacked=0, consumers=0]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatWasFetchedForAChannelThatHasClosedComesBack(int loop) {
        TestChannel publisher = queueOn(loop);
        publisher.publish("q", "a");
        broker.runAll();
        client.turn(() -> channel.channel.get("q", false));
        client.turn(channel.channel::close);
        broker.runAll();
        assertThat(publisher.counts("q")).isEqualTo("[ready=1, unacked=0, consumers=0]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aConsumerThatIsRegisteredWhileItsChannelClosesIsGone(int loop) {
        TestChannel publisher = queueOn(loop);
        publisher.publish("q", "a");
        client.turn(() -> channel.channel.consume(new ConsumeRequest("q", "c", false, false, FieldTable.EMPTY)));
        client.turn(channel.channel::close);
        broker.runAll();
        assertThat(publisher.counts("q")).isEqualTo("[ready=1, unacked=0, consumers=0]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isToldWhenItsQueueIsDeleted(int loop) {
        TestChannel other = queueOn(loop);
        channel.consume("q", "c");
        other.client.request(() -> other.channel.topology().deleteQueue("q", false, false));
        assertThat(channel.output.log).containsExactly("cancel c");
        channel.cancel("c");
        assertThat(channel.output.log).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aDeletedQueueTakesWhatIsHeldWithIt(int loop) {
        TestChannel other = queueOn(loop);
        channel.consume("q", "c");
        client.writable(false);
        other.publish("q", "a", "b");
        broker.runAll();
        other.client.request(() -> other.channel.topology().deleteQueue("q", false, false));
        client.writable(true);
        broker.runAll();
        assertThat(channel.output.log).containsExactly("cancel c");
    }

    @Test
    void consumersOfOneConnectionTakeTurnsWhenItReadsOn() {
        TestChannel publisher = queueOn(0);
        channel.consume("q", "c1");
        channel.consume("q", "c2");
        client.writable(false);
        publisher.publish("q", "a", "b", "c", "d");
        client.writable(true);
        broker.runAll();
        assertThat(channel.bodies()).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(channel.output.log)
                .containsSubsequence("deliver 1 a to c1", "deliver 2 c to c1")
                .containsSubsequence("deliver 3 b to c2", "deliver 4 d to c2");
    }

    private TestChannel queueOn(int loop) {
        TestChannel other = broker.connect(loop).open();
        other.declare("q");
        return other;
    }

    private void publishMany(TestChannel publisher, int count) {
        for (int i = 0; i < count; i++) {
            publisher.publish("q", "" + i);
        }
        broker.runAll();
    }

    private void stepOnly(int loop) {
        while (broker.loops.get(loop).step()) {
            assertThat(channel.bodies()).isEmpty();
        }
    }

    private static List<String> getAll(TestChannel from) {
        List<String> bodies = new ArrayList<>();
        String body = from.get("q", true);
        while (body != null) {
            bodies.add(body);
            body = from.get("q", true);
        }
        return bodies;
    }
}
