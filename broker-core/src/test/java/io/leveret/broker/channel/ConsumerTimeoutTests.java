package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.BrokerConfig;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.loop.ManualEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A delivery that is not acknowledged in time costs its channel. */
class ConsumerTimeoutTests {
    private static final long MINUTE = 60_000;
    private static final long TIMEOUT = 30 * MINUTE;

    private final TestBroker broker = new TestBroker(
            BrokerConfig.builder("test").consumerTimeoutMillis(TIMEOUT).build());
    private final TestClient client = broker.connect(0);
    private final TestChannel channel = client.open();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void failsTheChannelWhenADeliveryIsTooOld() {
        consumeOne(false);
        pass(TIMEOUT);
        assertThat(channel.output.failure).isNull();

        pass(MINUTE);

        AmqpError failure = channel.output.failure;
        assertThat(failure).isNotNull();
        assertThat(failure.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED);
        assertThat(failure.methodId(7)).isEqualTo(AmqpError.NO_METHOD);
        assertThat(failure.explanation())
                .isEqualTo("delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 ms."
                        + " This timeout value can be configured, see consumers doc guide to learn more");
    }

    @Test
    void countsFromTheDelivery() {
        channel.declare("q");
        channel.consume("q", "c");
        pass(TIMEOUT - MINUTE);
        channel.publish("q", "a");
        pass(TIMEOUT);
        assertThat(channel.output.failure).isNull();
        pass(2 * MINUTE);
        assertThat(channel.output.failure).isNotNull();
    }

    @Test
    void looksAtTheOldestDeliveryOnly() {
        channel.declare("q");
        channel.consume("q", "c");
        channel.publish("q", "a", "b");
        pass(TIMEOUT - MINUTE);
        channel.ack(1, false);
        channel.nack(2, false, true);
        pass(TIMEOUT - MINUTE);
        assertThat(channel.output.failure).as("the redelivery began anew").isNull();
        pass(3 * MINUTE);
        assertThat(channel.output.failure).isNotNull();
    }

    @Test
    void appliesToGets() {
        channel.declare("q");
        channel.publish("q", "a", "b");
        channel.get("q", true);
        channel.get("q", false);
        pass(TIMEOUT + MINUTE);
        assertThat(channel.output.failure).isNotNull();
    }

    @Test
    void exemptsDeliveriesWithoutAcknowledgement() {
        consumeOne(true);
        pass(3 * TIMEOUT);
        assertThat(channel.output.failure).isNull();
    }

    @Test
    void looksAtEachChannelByItself() {
        TestChannel other = client.open();
        consumeOne(false);
        other.consume("q", "other");
        channel.publish("q", "b", "c");
        pass(TIMEOUT - MINUTE);
        other.ack(1, false);
        pass(2 * MINUTE);
        assertThat(channel.output.failure).isNotNull();
        assertThat(other.output.failure).isNull();
    }

    @Test
    void endsWithTheConnection() {
        consumeOne(false);
        client.close();
        pass(3 * TIMEOUT);
        assertThat(channel.output.failure).isNull();
    }

    @Test
    void isOffByDefault() {
        try (TestBroker patient = new TestBroker()) {
            TestChannel unhurried = patient.connect(0).open();
            unhurried.declare("q");
            unhurried.publish("q", "a");
            unhurried.consume("q", "c");
            for (int i = 0; i < 1000; i++) {
                patient.loops.get(0).advance(MINUTE);
                patient.runAll();
            }
            assertThat(unhurried.output.failure).isNull();
        }
    }

    private void consumeOne(boolean noAck) {
        channel.declare("q");
        channel.consume("q", "c", noAck);
        channel.publish("q", "a");
    }

    private void pass(long millis) {
        ManualEventLoop loop = broker.loops.get(0);
        for (long passed = 0; passed < millis; passed += MINUTE) {
            loop.advance(MINUTE);
            broker.runAll();
        }
    }
}
