package io.leveret.broker.amqp.raw;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that stalls before its connection is open is dropped without a frame. */
@Tag("behaviour")
class HandshakeTimeoutTests {
    private static final int MARGIN_MILLIS = 3_000;

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.withHandshakeTimeoutMillis(1_500);

    @Test
    void dropsStalledHandshakesSilently() {
        await("a handshake in time, once the code is warm")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(BROKER::connection);
        RawAmqpClient open = BROKER.connection();
        RawAmqpClient silent = BROKER.connect();
        RawAmqpClient halfAHeader = BROKER.connect().send(Wire.utf8("AMQP"));
        RawAmqpClient noStartOk = BROKER.connect().started();
        RawAmqpClient noTuneOk = BROKER.connect().authenticated(Handshake.guest());
        RawAmqpClient noOpen = BROKER.connect().tuned(Handshake.guest());
        RawAmqpClient halfAFrame = BROKER.connect().started().frameHead(RawFrame.METHOD, 0, 100);

        silent.expectClosedWithin(BROKER.handshakeTimeoutMillis() + MARGIN_MILLIS);
        halfAHeader.expectClosedWithin(MARGIN_MILLIS);
        noStartOk.expectClosedWithin(MARGIN_MILLIS);
        noTuneOk.expectClosedWithin(MARGIN_MILLIS);
        noOpen.expectClosedWithin(MARGIN_MILLIS);
        halfAFrame.expectClosedWithin(MARGIN_MILLIS);
        open.closeConnection();
    }
}
