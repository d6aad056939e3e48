package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.limit.NodeLimits;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consuming, acknowledging, prefetch; some with the queue on the channel's loop (0) and on another (1). */
class ChannelTests {
    private final TestBroker broker = new TestBroker();
    private final TestClient client = broker.connect(0);
    private final TestClient far = broker.connect(1);
    private final TestChannel channel = client.open();

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void requeuedMessagesComeBackInTheirOldOrder(int loop) {
        declareOn(loop, "q");
        channel.publish("q", "a", "b", "c");
        channel.consume("q", "c");
        channel.nack(3, true, true);
        assertThat(channel.output.log)
                .containsExactly(
                        "deliver 1 a to c",
                        "deliver 2 b to c",
                        "deliver 3 c to c",
                        "deliver 4 a to c again",
                        "deliver 5 b to c again",
                        "deliver 6 c to c again");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void recoverGivesEverythingBack(int loop) {
        declareOn(loop, "q");
        channel.publish("q", "a", "b", "c");
        channel.consume("q", "c");
        channel.ack(2, false);
        client.turn(() -> channel.channel.recover(true));
        broker.runAll();
        assertThat(channel.bodies()).containsExactly("a", "b", "c", "a", "c");
        assertRefused(
                () -> client.turn(() -> channel.channel.recover(false)), ReplyCode.NOT_IMPLEMENTED, "requeue=false");
    }

    @Test
    void ackMultipleOverTwoQueuesOfTheOwnLoopSettlesExactlyWhatItCovers() {
        channel.declare("q1");
        channel.declare("q2");
        for (int i = 0; i < 40; i++) {
            channel.publish("q1", "1-" + i);
            channel.publish("q2", "2-" + i);
        }
        channel.qos(8, false);
        channel.consume("q1", "c1");
        channel.consume("q2", "c2");
        channel.ack(1, false);
        channel.ack(9, false);
        channel.ack(2, false);
        channel.ack(10, false);
        assertThat(channel.bodies()).hasSize(20);
        channel.ack(16, true);
        assertThat(channel.bodies()).hasSize(32);
        assertThat(channel.counts("q1")).isEqualTo("[ready=24, unacked=8, consumers=1]");
        assertThat(channel.counts("q2")).isEqualTo("[ready=24, unacked=8, consumers=1]");
        for (long tag = 17; tag <= 32; tag++) {
            channel.ack(tag, false);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void tagZeroWithMultipleSettlesAll(int loop) {
        declareOn(loop, "q");
        channel.ack(0, true);
        channel.publish("q", "a", "b");
        channel.consume("q", "c");
        channel.ack(0, true);
        assertThat(channel.counts("q")).isEqualTo("[ready=0, unacked=0, consumers=1]");
    }

    @Test
    void refusesTagsThatAreNotOutstanding() {
        channel.declare("q");
        channel.publish("q", "a", "b");
        channel.get("q", true);
        channel.get("q", false);
        channel.ack(2, false);
        for (long tag : new long[] {0, 1, 2, 3}) {
            assertRefused(() -> channel.ack(tag, false), ReplyCode.PRECONDITION_FAILED, "unknown delivery tag " + tag);
        }
        assertRefused(() -> channel.nack(2, true, true), ReplyCode.PRECONDITION_FAILED, "unknown delivery tag 2");
        assertRefused(
                () -> channel.ack(-1, false),
                ReplyCode.PRECONDITION_FAILED,
                "unknown delivery tag 18446744073709551615");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void getTakesTheOldestAndLeavesTheRest(int loop) {
        declareOn(loop, "q");
        channel.publish("q", "a", "b");
        assertThat(channel.get("q", false)).isEqualTo("a");
        assertThat(channel.get("q", true)).isEqualTo("b");
        assertThat(channel.get("q", true)).isNull();
        channel.nack(1, false, true);
        assertThat(channel.get("q", false)).isEqualTo("a*");
        channel.nack(3, false, false);
        assertThat(channel.counts("q")).isEqualTo("[ready=0, unacked=0, consumers=0]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void prefetchHoldsForConsumersCreatedAfterwards(int loop) {
        declareOn(loop, "q");
        channel.publish("q", "a", "b", "c", "d", "e");
        channel.qos(2, false);
        channel.consume("q", "two");
        channel.qos(1, false);
        channel.consume("q", "one");
        assertThat(channel.bodies()).containsExactly("a", "b", "c");
        channel.ack(2, true);
        assertThat(channel.output.log).endsWith("deliver 4 d to two", "deliver 5 e to two");
    }

    @Test
    void refusesAPrefetchSize() {
        assertRefused(
                () -> client.turn(() -> channel.channel.qos(7, 1, false)),
                ReplyCode.NOT_IMPLEMENTED,
                "prefetch_size!=0 (7)");
    }

    @Test
    void refusesAConsumerTagInUse() {
        channel.declare("q");
        channel.consume("q", "c");
        AmqpError error = assertRefused(
                () -> channel.consume("q", "c"), ReplyCode.NOT_ALLOWED, "attempt to reuse consumer tag 'c'");
        assertThat(error.isHard()).isTrue();
        channel.cancel("c");
        channel.consume("q", "c");
    }

    @Test
    void choosesATagWhenAskedTo() {
        channel.declare("q");
        String tag = channel.consume(new ConsumeRequest("q", "", false, false, FieldTable.EMPTY));
        assertThat(tag).matches("amq\\.ctag-[A-Za-z0-9_-]{22}");
    }

    @Test
    void consumesTheQueueDeclaredLastWhenNoneIsNamed() {
        assertRefused(() -> channel.consume("", "c"), ReplyCode.NOT_FOUND, "no previously declared queue");
        channel.declare("q");
        channel.consume("", "c");
        assertThat(channel.counts("q")).isEqualTo("[ready=0, unacked=0, consumers=1]");
    }

    @Test
    void refusesToConsumeWhatIsNotThereOrNotItsOwn() {
        assertRefused(() -> channel.consume("q", "c"), ReplyCode.NOT_FOUND, "no queue 'q' in vhost '/'");
        far.open().declare("x", false, true, false);
        assertRefused(
                () -> channel.consume("x", "c"),
                ReplyCode.RESOURCE_LOCKED,
                "cannot obtain exclusive access to locked queue 'x' in vhost '/'. It could be originally declared on"
                        + " another connection or the exclusive property value does not match that of the original"
                        + " declaration.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aRefusedConsumerLeavesNothingBehind(int loop) {
        declareOn(loop, "q");
        channel.consume(new ConsumeRequest("q", "first", false, true, FieldTable.EMPTY));
        assertRefused(
                () -> channel.consume("q", "second"),
                ReplyCode.ACCESS_REFUSED,
                "queue 'q' in vhost '/' in exclusive use");
        channel.cancel("first");
        channel.consume("q", "second");
        assertThat(channel.counts("q")).isEqualTo("[ready=0, unacked=0, consumers=1]");
    }

    @Test
    void servesTheConsumerOfHigherPriorityFirst() {
        channel.declare("q");
        channel.qos(1, false);
        channel.consume("q", "low");
        channel.consume(
                new ConsumeRequest("q", "high", false, false, FieldTable.EMPTY.with("x-priority", FieldValue.of(10))));
        channel.publish("q", "a", "b");
        broker.runAll();
        assertThat(channel.output.log).containsExactly("deliver 1 a to high", "deliver 2 b to low");
    }

    @Test
    void limitsTheConsumersOfAChannel() {
        channel.declare("q");
        Channel limited = client.loop.call(() -> new ClientConnection(
                        client.loop,
                        broker.loops.all(),
                        broker.vhost(),
                        client.connection.user(),
                        broker.broker.users(),
                        new ReplyAddresses(),
                        new ChannelSettings("test", 1000, 1, true, 0, 0, null, new AtomicReference<>()),
                        new MemoryInUse(2).underWay(client.loop),
                        new OpenConnections("test", new Limits(NodeLimits.NONE)).enter("/", "guest"),
                        client)
                .openChannel(new RecordingOutput()));
        client.turn(() -> limited.consume(new ConsumeRequest("q", "a", false, false, FieldTable.EMPTY)));
        assertRefused(
                () -> client.turn(() -> limited.consume(new ConsumeRequest("q", "b", false, false, FieldTable.EMPTY))),
                ReplyCode.NOT_ALLOWED,
                "reached maximum (1) of consumers per channel");
    }

    // ---- the channel-wide prefetch limit

    @Test
    void aGlobalLimitIsSharedOverQueuesOfTwoLoops() {
        declareOn(0, "q0");
        declareOn(1, "q1");
        channel.publish("q0", "a", "b", "c");
        channel.publish("q1", "d", "e", "f");
        broker.runAll();
        channel.qos(2, true);
        channel.consume("q0", "c0");
        channel.consume("q1", "c1");
        assertThat(channel.bodies()).containsExactly("a", "b");
        channel.ack(1, false);
        assertThat(channel.bodies()).hasSize(3);
        channel.ack(0, true);
        assertThat(channel.bodies()).hasSize(5);
        channel.ack(0, true);
        channel.ack(0, true);
        assertThat(channel.bodies()).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aGlobalLimitCountsWhatIsOutstandingAlready(int loop) {
        declareOn(loop, "q");
        channel.publish("q", "a", "b");
        channel.consume("q", "c");
        channel.qos(3, true);
        channel.publish("q", "c", "d", "e");
        broker.runAll();
        assertThat(channel.bodies()).containsExactly("a", "b", "c");
        channel.nack(1, false, false);
        assertThat(channel.bodies()).containsExactly("a", "b", "c", "d");
        channel.qos(0, true);
        assertThat(channel.bodies()).containsExactly("a", "b", "c", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void laterGetsNeitherCountUnderAGlobalLimitNorAreHeldByIt(int loop) {
        declareOn(loop, "q");
        channel.publish("q", "a", "b", "c", "d");
        channel.qos(1, true);
        assertThat(channel.get("q", false)).isEqualTo("a");
        assertThat(channel.get("q", false)).isEqualTo("b");
        channel.consume("q", "c");
        assertThat(channel.bodies()).containsExactly("c");
        channel.ack(2, true);
        assertThat(channel.bodies()).containsExactly("c");
        channel.ack(3, false);
        assertThat(channel.bodies()).containsExactly("c", "d");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void qosWithoutGlobalTakesAGlobalLimitAway(int loop) {
        declareOn(loop, "q");
        channel.publish("q", "a", "b", "c");
        channel.qos(1, true);
        channel.consume("q", "c");
        assertThat(channel.bodies()).containsExactly("a");
        channel.qos(0, false);
        assertThat(channel.bodies()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aGlobalLimitThatIsSetAnewCountsRightWhatWasUnderWay(int loop) {
        declareOn(loop, "q");
        channel.qos(10, true);
        channel.consume("q", "c");
        client.writable(false);
        channel.publish("q", "a", "b", "c");
        broker.runAll();
        channel.qos(0, true);
        channel.qos(2, true);
        client.writable(true);
        broker.runAll();
        assertThat(channel.bodies()).containsExactly("a", "b", "c");
        channel.ack(3, true);
        channel.publish("q", "d", "e", "f", "g", "h", "i");
        broker.runAll();
        assertThat(channel.bodies()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFirstGlobalLimitCountsWhatTheClientHasNotReadYet(int loop) {
        declareOn(loop, "q");
        channel.consume("q", "c");
        client.writable(false);
        channel.publish("q", "a", "b");
        broker.runAll();

        channel.qos(3, true);
        channel.publish("q", "c", "d", "e");
        broker.runAll();
        client.writable(true);
        broker.runAll();

        assertThat(channel.bodies()).containsExactly("a", "b", "c");
        channel.ack(2, true);
        assertThat(channel.bodies()).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aFirstGlobalLimitCountsWhatIsOnItsWayFromAnotherLoop() {
        declareOn(1, "q");
        channel.consume("q", "c");
        channel.publish("q", "a", "b");
        while (broker.loops.get(1).step()) {
            // the queue hands out, its connection does not take it yet
        }

        client.turn(() -> channel.channel.qos(0, 1, true));
        broker.runAll();
        channel.publish("q", "c");
        broker.runAll();

        assertThat(channel.bodies()).containsExactly("a", "b");
        channel.ack(1, false);
        assertThat(channel.bodies()).containsExactly("a", "b");
        channel.ack(2, false);
        assertThat(channel.bodies()).containsExactly("a", "b", "c");
    }

    @Test
    void aGlobalLimitThatIsSetAnewCountsGetsInBetween() {
        channel.declare("q");
        channel.publish("q", "a", "b", "c");
        channel.qos(1, true);
        channel.qos(0, true);
        channel.get("q", false);
        channel.qos(2, true);

        channel.consume("q", "c");
        assertThat(channel.bodies()).containsExactly("b");
        channel.ack(1, false);
        assertThat(channel.bodies()).containsExactly("b", "c");
    }

    @Test
    void anExhaustedGlobalLimitHoldsConsumersWithoutAcknowledgementButDoesNotCountThem() {
        channel.declare("acked");
        channel.declare("unasked");
        channel.qos(1, true);
        channel.consume("unasked", "n", true);
        channel.publish("unasked", "a", "b");
        channel.consume("acked", "c");
        channel.publish("acked", "c");
        channel.publish("unasked", "d");
        broker.runAll();
        assertThat(channel.bodies()).containsExactly("a", "b", "c");

        channel.ack(0, true);

        assertThat(channel.bodies()).containsExactly("a", "b", "c", "d");
    }

    // ---- the default prefetch

    @Test
    void theDefaultPrefetchIsForChannelsThatNeverAsked() {
        try (TestBroker limited =
                new TestBroker(BrokerConfig.builder("test").defaultPrefetch(2).build())) {
            TestClient connection = limited.connect(0);
            TestChannel never = connection.open();
            TestChannel asked = connection.open();
            asked.qos(0, false);
            never.declare("q0");
            never.declare("q1");
            never.publish("q0", "a", "b", "c");
            never.publish("q1", "a", "b", "c");

            never.consume("q0", "c");
            asked.consume("q1", "c");

            assertThat(never.bodies()).containsExactly("a", "b");
            assertThat(asked.bodies()).containsExactly("a", "b", "c");
        }
    }

    @Test
    void withoutItsPermitGlobalIsTakenForALimitOfEachLaterConsumer() {
        try (TestBroker strict = new TestBroker(
                BrokerConfig.builder("test").permitGlobalQos(false).build())) {
            TestChannel asking = strict.connect(0).open();
            asking.declare("q0");
            asking.declare("q1");
            asking.publish("q0", "a", "b", "c");
            asking.publish("q1", "d", "e", "f");
            asking.consume("q0", "before");

            asking.qos(2, true);
            asking.consume("q1", "after");

            assertThat(asking.bodies()).containsExactly("a", "b", "c", "d", "e");
        }
    }

    @Test
    void aGlobalLimitIsReopenedByClosingNothingElse() {
        declareOn(1, "q");
        TestChannel other = client.open();
        channel.publish("q", "a", "b", "c", "d");
        channel.qos(1, true);
        channel.consume("q", "mine");
        other.consume("q", "theirs");
        assertThat(channel.bodies()).containsExactly("a");
        assertThat(other.bodies()).containsExactly("b", "c", "d");
        channel.nack(1, false, true);
        assertThat(channel.bodies().size() + other.bodies().size()).isEqualTo(5);
    }

    // ---- ending

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anAutoDeleteQueueIsGoneWhenTheCancelOfItsLastConsumerIsAnswered(int loop) {
        (loop == 0 ? channel : far.open()).declare("q", false, false, true);
        channel.consume("q", "a");
        channel.consume("q", "b");
        channel.cancel("a");
        assertThat(broker.vhost().queue("q")).isNotNull();
        channel.cancel("b");
        assertThat(broker.vhost().queue("q")).isNull();
        assertThat(broker.vhost().queues()).isEmpty();
        assertThat(channel.output.log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anAutoDeleteQueueGoesWithChannelOrConnection(int loop) {
        TestChannel owner = loop == 0 ? channel : far.open();
        owner.declare("q1", false, false, true);
        owner.declare("q2", false, false, true);
        channel.consume("q1", "a");
        client.open().consume("q2", "a");
        channel.close();
        assertThat(broker.vhost().queue("q1")).isNull();
        assertThat(broker.vhost().queue("q2")).isNotNull();
        client.close();
        assertThat(broker.vhost().queues()).isEmpty();
    }

    @Test
    void closingTwiceIsFine() {
        channel.close();
        channel.close();
    }

    @Test
    void exclusiveQueuesGoWithTheirConnection() {
        channel.declare("q", true, true, false);
        channel.close();
        assertThat(broker.vhost().queue("q")).isNotNull();
        client.close();
        assertThat(broker.vhost().queues()).isEmpty();
    }

    @Test
    void anExclusiveQueueDeclaredWhileItsConnectionEndsGoesToo() {
        var declared =
                client.turn(() -> channel.channel.topology().declareQueue("q", false, true, false, FieldTable.EMPTY));
        var closed = client.drop();
        broker.await(closed);
        broker.await(declared);
        broker.await(broker.vhost().deleteExchange("nothing", false));
        assertThat(broker.vhost().queues()).isEmpty();
    }

    private void declareOn(int loop, String queue) {
        (loop == 0 ? channel : far.open()).declare(queue);
    }

    private static AmqpError assertRefused(ThrowingCallable request, ReplyCode code, String text) {
        AmqpError[] refused = new AmqpError[1];
        assertThatExceptionOfType(AmqpError.class).isThrownBy(request).satisfies(error -> {
            assertThat(error.replyCode()).isEqualTo(code);
            assertThat(error.explanation()).isEqualTo(text);
            refused[0] = error;
        });
        return refused[0];
    }
}
