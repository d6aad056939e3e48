package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first eight bytes lead to. */
@Tag("behaviour")
class ProtocolHeaderTests {
    private static final byte[] AMQP_0_9_1 = octets(0, 0, 9, 1);
    private static final byte[] AMQP_1_0_WITH_SASL = octets(3, 1, 0, 0);

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    @Test
    void startsAmqp091() {
        BROKER.connect().protocolHeader(0, 0, 9, 1).expect(0, MethodId.CONNECTION_START);
    }

    @Test
    void treatsAmqp09As091() {
        WireReader start = BROKER.connect().protocolHeader(1, 1, 0, 9).expect(0, MethodId.CONNECTION_START);
        assertThat(List.of(start.octet(), start.octet())).containsExactly(0, 9);
    }

    @Test
    void acceptsTheHeaderInPieces() {
        RawAmqpClient client = BROKER.connect();
        for (byte octet : Wire.wire().bytes(utf8("AMQP")).bytes(AMQP_0_9_1).toBytes()) {
            client.send(octet);
        }
        client.expect(0, MethodId.CONNECTION_START);
    }

    @ParameterizedTest
    @CsvSource({"9,0", "9,2", "10,0", "10,1", "255,255"})
    void answersLaterMinorVersionsOf0WithItsOwnHeader(int minor, int revision) {
        RawAmqpClient client = BROKER.connect().protocolHeader(0, 0, minor, revision);
        assertThat(client.expectProtocolHeader()).isEqualTo(AMQP_0_9_1);
        client.expectClosed();
    }

    @ParameterizedTest
    @CsvSource({"3,1,0,0", "0,1,0,0"})
    void refusesAmqp10WithSomeProtocolHeader(int id, int major, int minor, int revision) {
        RawAmqpClient client = BROKER.connect().protocolHeader(id, major, minor, revision);
        assertThat(client.expectProtocolHeader()).isIn(AMQP_0_9_1, AMQP_1_0_WITH_SASL);
        client.expectClosed();
    }

    @Tag("not-rabbitmq-3.10") // answers with 0 0 9 1
    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "XXXXXXXX", "AMQPabcd"})
    void answersGarbageWithTheHeaderOfAmqp10(String garbage) {
        RawAmqpClient client = BROKER.connect().send(utf8(garbage));
        assertThat(client.expectProtocolHeader()).isEqualTo(AMQP_1_0_WITH_SASL);
        client.expectClosed();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // answers with 0 0 9 1
    void answersTlsOnThePlainPortWithTheHeaderOfAmqp10() {
        RawAmqpClient client =
                BROKER.connect().send(octets(0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 0x5B, 0x90, 0x9D, 0x9B, 0x72));
        assertThat(client.expectProtocolHeader()).isEqualTo(AMQP_1_0_WITH_SASL);
        client.expectClosed();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // still speaks 0-8
    void answersAmqp08WithTheHeaderOfAmqp10() {
        RawAmqpClient client = BROKER.connect().protocolHeader(1, 1, 8, 0);
        assertThat(client.expectProtocolHeader()).isEqualTo(AMQP_1_0_WITH_SASL);
        client.expectClosed();
    }

    @Test
    void survivesAClientThatLeavesInTheMiddleOfTheHeader() {
        BROKER.connect().send(utf8("AMQ")).close();
        BROKER.connect().send(utf8("AMQP")).abort();
        BROKER.connect().close();
        BROKER.connection().closeConnection();
    }
}
