package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueArguments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who follows a single active consumer, and with which message, on the loop of the queue and on another one. */
class SingleActiveConsumerTests {
    private final TestBroker broker = new TestBroker();
    private final TestChannel owner = broker.connect(0).open();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theNextGetsFirstWhatTheClosedChannelHadUnacked(int loop) {
        declare();
        TestChannel first = broker.connect(loop).open();
        first.qos(2, false);
        first.consume("q", "first");
        TestChannel second = broker.connect(loop).open();
        second.consume("q", "second");
        owner.publish("q", "a", "b", "c", "d");
        broker.runAll();
        assertThat(first.bodies()).containsExactly("a", "b");

        first.close();
        broker.runAll();

        assertThat(second.output.log)
                .containsExactly(
                        "deliver 1 a to second again",
                        "deliver 2 b to second again",
                        "deliver 3 c to second",
                        "deliver 4 d to second");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theNextGetsFirstWhatTheClientHadNotReadYet(int loop) {
        declare();
        TestChannel first = broker.connect(loop).open();
        first.consume("q", "first");
        first.client.writable(false);
        TestChannel second = broker.connect(loop).open();
        second.consume("q", "second");
        owner.publish("q", "a", "b");
        broker.runAll();
        owner.publish("q", "c");

        first.cancel("first");
        owner.publish("q", "d");
        broker.runAll();

        assertThat(first.bodies()).isEmpty();
        assertThat(second.bodies()).containsExactly("a", "b", "c", "d");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theNextFollowsALostConnection(int loop) {
        declare();
        TestChannel first = broker.connect(loop).open();
        first.consume("q", "first");
        TestChannel second = broker.connect(1 - loop).open();
        second.consume("q", "second");
        owner.publish("q", "a");
        broker.runAll();

        first.client.close();
        owner.publish("q", "b");
        broker.runAll();

        assertThat(second.output.log).containsExactly("deliver 1 a to second again", "deliver 2 b to second");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void unackedOfACancelledConsumerStayWithItsChannel(int loop) {
        declare();
        TestChannel first = broker.connect(loop).open();
        first.consume("q", "first");
        TestChannel second = broker.connect(loop).open();
        second.consume("q", "second");
        owner.publish("q", "a");
        broker.runAll();

        first.cancel("first");
        owner.publish("q", "b");
        broker.runAll();
        assertThat(second.bodies()).containsExactly("b");
        first.nack(1, false, true);

        assertThat(second.bodies()).containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void siblingsOfAClosedChannelAreNotActivatedInBetween(int loop) {
        declare();
        TestChannel first = broker.connect(loop).open();
        first.consume("q", "first");
        first.consume("q", "sibling");
        TestChannel second = broker.connect(loop).open();
        second.consume("q", "second");
        owner.publish("q", "a");
        broker.runAll();

        first.close();
        broker.runAll();

        assertThat(first.output.log).containsExactly("deliver 1 a to first");
        assertThat(second.output.log).containsExactly("deliver 1 a to second again");
    }

    private void declare() {
        owner.declare("q", QueueArguments.X_SINGLE_ACTIVE_CONSUMER, FieldValue.of(true));
    }
}
