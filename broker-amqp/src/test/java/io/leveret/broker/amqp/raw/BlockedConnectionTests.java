package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames are taken from a client that publishes while an alarm is on, and which have to wait. */
@Tag("behaviour")
class BlockedConnectionTests {
    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    private static final int SILENCE_MILLIS = 300;

    private final RawAmqpClient other = BROKER.channel();
    private final String queue = BROKER.name("blocked");

    @Test
    void theMethodOfAPublishBlocksNothing() {
        RawAmqpClient client = publisher().channel(2);
        BROKER.alarms().memory(true);
        client.publishMethod(1, "", queue).ping(2);
        client.header(1, 0);
        expectBlocked(client, "low on memory");
    }

    @Test
    void theHeaderIsTheLastFrameTaken() {
        RawAmqpClient client = publisher();
        BROKER.alarms().memory(true);
        client.send(publish(queue, "late"));
        sendPing(client);
        expectBlocked(client, "low on memory");
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();
        assertThat(ready()).isZero();

        BROKER.alarms().memory(false);
        client.expect(0, MethodId.CONNECTION_UNBLOCKED);
        client.expect(1, MethodId.CHANNEL_FLOW_OK);
        assertThat(other.get(1, queue).body()).isEqualTo(utf8("late"));
    }

    @Test
    void aMessageWithoutABodyIsTakenWhatFollowsIsNot() {
        RawAmqpClient client = publisher();
        BROKER.alarms().memory(true);
        client.send(together(publish(queue, ""), publish(queue, "")));
        sendPing(client);
        expectBlocked(client, "low on memory");
        awaitReady(1);
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();
        assertThat(ready()).isEqualTo(1);

        BROKER.alarms().memory(false);
        client.expect(0, MethodId.CONNECTION_UNBLOCKED);
        client.expect(1, MethodId.CHANNEL_FLOW_OK);
        awaitReady(2);
    }

    @Test
    void aBodyFrameBlocksWhenTheAlarmComesBehindTheHeader() {
        RawAmqpClient client = publisher();
        client.publishMethod(1, "", queue).header(1, 4);
        other.ping(1);
        BROKER.alarms().memory(true);
        client.body(1, "last");
        sendPing(client);
        expectBlocked(client, "low on memory");
        awaitReady(1);
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();
        assertThat(other.get(1, queue).body()).isEqualTo(utf8("last"));
    }

    @Test
    void theNextBodyFrameWaits() {
        RawAmqpClient client = publisher();
        client.publishMethod(1, "", queue).header(1, 4);
        other.ping(1);
        BROKER.alarms().memory(true);
        client.body(1, "ha").body(1, "lf");
        expectBlocked(client, "low on memory");
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();
        assertThat(ready()).isZero();

        BROKER.alarms().memory(false);
        client.expect(0, MethodId.CONNECTION_UNBLOCKED);
        awaitReady(1);
        assertThat(other.get(1, queue).body()).isEqualTo(utf8("half"));
    }

    @Test
    void acksBehindAPublishWait() {
        RawAmqpClient client = publisher();
        other.publish(1, "", queue, utf8("one")).publish(1, "", queue, utf8("two"));
        awaitReady(2);
        client.method(1, MethodId.BASIC_QOS, wire().longUint(0).shortUint(1).octet(0));
        client.expect(1, MethodId.BASIC_QOS_OK);
        client.method(
                1,
                MethodId.BASIC_CONSUME,
                wire().shortUint(0).shortStr(queue).shortStr("c").octet(0).emptyTable());
        client.expect(1, MethodId.BASIC_CONSUME_OK);
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("one"));

        BROKER.alarms().memory(true);
        client.send(together(
                publish("nowhere", ""),
                RawFrame.encodeMethod(1, MethodId.BASIC_ACK, wire().longlong(1).octet(0))));
        expectBlocked(client, "low on memory");
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();

        BROKER.alarms().memory(false);
        client.expect(0, MethodId.CONNECTION_UNBLOCKED);
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("two"));
    }

    @Test
    void toldOnceThoughAnotherAlarmFollows() {
        RawAmqpClient client = publisher();
        BROKER.alarms().disk(true);
        client.publish(1, "", queue, utf8("one"));
        expectBlocked(client, "low on disk");
        BROKER.alarms().memory(true);
        BROKER.alarms().disk(false);
        sendPing(client);
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();

        BROKER.alarms().memory(false);
        client.expect(0, MethodId.CONNECTION_UNBLOCKED);
        client.expect(1, MethodId.CHANNEL_FLOW_OK);
    }

    @Test
    void withoutTheCapabilityItIsBlockedWithoutAWord() {
        RawAmqpClient client =
                BROKER.connection(Handshake.guest().capabilities("basic.nack")).channel(1);
        declare(client);
        BROKER.alarms().memory(true);
        client.publish(1, "", queue, utf8("one"));
        sendPing(client);
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();
        assertThat(ready()).isZero();

        BROKER.alarms().memory(false);
        client.expect(1, MethodId.CHANNEL_FLOW_OK);
        awaitReady(1);
    }

    @Test
    void aRefusedPublishBlocksAsWell() {
        RawAmqpClient client = publisher().channel(2);
        BROKER.alarms().memory(true);
        client.publish(1, BROKER.name("missing"), "");
        RawFrame first = client.read();
        RawFrame second = client.read();
        RawFrame blocked = first.channel() == 0 ? first : second;
        RawFrame closed = first.channel() == 0 ? second : first;
        assertThat(blocked.isMethod(MethodId.CONNECTION_BLOCKED)).isTrue();
        assertThat(closed.isMethod(MethodId.CHANNEL_CLOSE)).isTrue();
        client.method(2, MethodId.CHANNEL_FLOW, wire().octet(1));
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();

        BROKER.alarms().memory(false);
        client.expect(0, MethodId.CONNECTION_UNBLOCKED);
        client.expect(2, MethodId.CHANNEL_FLOW_OK);
    }

    @Test
    void contentForAChannelThatTheServerHasClosedBlocksAsWell() {
        RawAmqpClient client = publisher().channel(2);
        client.publish(1, BROKER.name("missing"), "");
        client.expect(1, MethodId.CHANNEL_CLOSE);
        BROKER.alarms().memory(true);
        client.publish(1, "", queue).method(2, MethodId.CHANNEL_FLOW, wire().octet(1));
        expectBlocked(client, "low on memory");
        assertThat(client.poll(SILENCE_MILLIS)).isEmpty();

        BROKER.alarms().memory(false);
        client.expect(0, MethodId.CONNECTION_UNBLOCKED);
        client.expect(2, MethodId.CHANNEL_FLOW_OK);
        assertThat(ready()).isZero();
    }

    @Test
    void missingHeartbeatsOfABlockedClientAreForgivenAndOursGoOn() {
        BROKER.alarms().memory(true);
        RawAmqpClient client = BROKER.connection(Handshake.guest().heartbeat(1)).channel(1);
        declare(client);
        client.publish(1, "", queue, utf8("one"));
        expectBlocked(client, "low on memory");
        long end = System.nanoTime() + 4_500_000_000L;
        int heartbeats = 0;
        while (System.nanoTime() < end) {
            assertThat(client.read().type()).isEqualTo(RawFrame.HEARTBEAT);
            heartbeats++;
        }
        assertThat(heartbeats).isGreaterThan(3);
        client.heartbeat();

        BROKER.alarms().memory(false);
        client.heartbeat();
        assertThat(readPastHeartbeats(client).isMethod(MethodId.CONNECTION_UNBLOCKED))
                .isTrue();
        awaitReady(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBlockedClientThatGoesIsNoticed(boolean abruptly) {
        BROKER.alarms().memory(true);
        RawAmqpClient client = BROKER.connection(Handshake.guest().heartbeat(1)).channel(1);
        String exclusive = BROKER.name("exclusive");
        client.declare(1, exclusive);
        client.publish(1, "", exclusive, utf8("one"));
        expectBlocked(client, "low on memory");
        if (abruptly) {
            client.abort();
        }
        BROKER.release(client);
        // the queue of the connection goes with it
        await().untilAsserted(() -> {
            RawAmqpClient asking = BROKER.channel();
            asking.sendQueueDeclare(1, exclusive, QueueBits.PASSIVE);
            CloseReason reason = CloseReason.read(asking.expect(1, MethodId.CHANNEL_CLOSE));
            BROKER.release(asking);
            assertThat(reason.replyCode()).isEqualTo(404);
        });
        BROKER.alarms().memory(false);
    }

    private RawAmqpClient publisher() {
        RawAmqpClient client = BROKER.channel();
        declare(client);
        return client;
    }

    /** A queue that all connections may use, and that goes with its last consumer, if it has one. */
    private void declare(RawAmqpClient client) {
        client.sendQueueDeclare(1, queue, QueueBits.AUTO_DELETE);
        client.expect(1, MethodId.QUEUE_DECLARE_OK);
    }

    private static void expectBlocked(RawAmqpClient client, String reason) {
        RawFrame frame = readPastHeartbeats(client);
        assertThat(frame.isMethod(MethodId.CONNECTION_BLOCKED)).as("%s", frame).isTrue();
        assertThat(frame.arguments().shortStr()).isEqualTo(reason);
    }

    private static RawFrame readPastHeartbeats(RawAmqpClient client) {
        RawFrame frame = client.read();
        while (frame.type() == RawFrame.HEARTBEAT) {
            frame = client.read();
        }
        return frame;
    }

    /** All frames of a message to a queue. */
    private static byte[] publish(String queue, String body) {
        Wire arguments = wire().shortUint(0).shortStr("").shortStr(queue).octet(0);
        Wire header = wire().shortUint(60).shortUint(0).longlong(body.length()).shortUint(0);
        byte[] start = together(
                RawFrame.encodeMethod(1, MethodId.BASIC_PUBLISH, arguments),
                RawFrame.encode(RawFrame.HEADER, 1, header.toBytes()));
        return body.isEmpty() ? start : together(start, RawFrame.encode(RawFrame.BODY, 1, utf8(body)));
    }

    /** To be sent at once, so that the broker reads it at once. */
    private static byte[] together(byte[]... frames) {
        Wire all = wire();
        for (byte[] frame : frames) {
            all.bytes(frame);
        }
        return all.toBytes();
    }

    private static void sendPing(RawAmqpClient client) {
        client.method(1, MethodId.CHANNEL_FLOW, wire().octet(1));
    }

    private long ready() {
        other.sendQueueDeclare(1, queue, QueueBits.PASSIVE);
        WireReader ok = other.expect(1, MethodId.QUEUE_DECLARE_OK);
        ok.shortStr();
        return ok.longUint();
    }

    private void awaitReady(long messages) {
        await().untilAsserted(() -> assertThat(ready()).isEqualTo(messages));
    }
}
