package io.leveret.broker.amqp.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Heartbeats at an interval of one second, in both directions. */
@Tag("behaviour")
class HeartbeatTests {
    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    @Test
    void sendsHeartbeatsWhenIdleAndClosesWithoutAFrameWhenNoneCome() {
        RawAmqpClient client = BROKER.connection(Handshake.guest().heartbeat(1));
        long start = System.nanoTime();
        for (int i = 0; i < 2; i++) {
            RawFrame frame = client.poll(1_500).orElseThrow();
            assertThat(frame.type()).as("%s", frame).isEqualTo(RawFrame.HEARTBEAT);
            assertThat(frame.channel()).isZero();
            assertThat(frame.payload()).isEmpty();
        }
        client.expectClosed();
        assertThat((System.nanoTime() - start) / 1_000_000)
                .as("milliseconds until the close")
                .isBetween(1_800L, 4_500L);
    }

    @Test
    void staysOpenWhileTheClientSendsHeartbeats() {
        RawAmqpClient client = BROKER.connection(Handshake.guest().heartbeat(1)).channel(1);
        long end = System.nanoTime() + 4_000_000_000L;
        while (System.nanoTime() < end) {
            expectNothingButAHeartbeat(client.heartbeat().poll(900));
        }
        client.method(1, MethodId.CHANNEL_CLOSE, CloseReason.normal());
        expectAmongHeartbeats(client, MethodId.CHANNEL_CLOSE_OK);
    }

    @Test
    void takesAnyByteForASignOfLife() {
        RawAmqpClient client = BROKER.connection(Handshake.guest().heartbeat(1)).channel(1);
        int bodySize = 100;
        client.publishMethod(1, "", BROKER.name("nowhere")).header(1, bodySize).frameHead(RawFrame.BODY, 1, bodySize);
        long end = System.nanoTime() + 4_000_000_000L;
        int sent = 0;
        while (System.nanoTime() < end && sent < bodySize) {
            client.send((byte) 'x');
            sent++;
            expectNothingButAHeartbeat(client.poll(300));
        }
        client.send(new byte[bodySize - sent]).send((byte) RawFrame.END);
        client.method(1, MethodId.CHANNEL_CLOSE, CloseReason.normal());
        expectAmongHeartbeats(client, MethodId.CHANNEL_CLOSE_OK);
    }

    @Test
    void neitherSendsNorExpectsAnythingAtInterval0() {
        RawAmqpClient client = BROKER.connection(Handshake.guest().heartbeat(0));
        assertThat(client.poll(3_500)).isEmpty();
        client.closeConnection();
    }

    private static void expectNothingButAHeartbeat(Optional<RawFrame> received) {
        received.ifPresent(frame -> assertThat(frame.type()).as("%s", frame).isEqualTo(RawFrame.HEARTBEAT));
    }

    private static void expectAmongHeartbeats(RawAmqpClient client, MethodId method) {
        RawFrame frame = client.read();
        while (frame.type() == RawFrame.HEARTBEAT) {
            frame = client.read();
        }
        assertThat(frame.isMethod(method)).as("%s", frame).isTrue();
    }
}
