package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A message's way in and out as header and body frames. */
@Tag("behaviour")
class ContentTests {
    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    @Test
    void acceptsABodySplitAtEveryBoundary() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        byte[] body = utf8("0123456789");
        for (int cut = 0; cut <= body.length; cut++) {
            client.publishMethod(1, "", queue).header(1, body.length).body(1, Arrays.copyOfRange(body, 0, cut));
            if (cut < body.length) {
                client.body(1, Arrays.copyOfRange(body, cut, body.length));
            }
            assertThat(client.get(1, queue).body()).as("cut at %s", cut).isEqualTo(body);
        }
    }

    @Test
    void acceptsAFrameAnOctet() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        byte[] body = utf8("x".repeat(300) + "y");
        client.publishMethod(1, "", queue).header(1, body.length);
        for (byte octet : body) {
            client.body(1, octet);
        }
        assertThat(client.get(1, queue).body()).isEqualTo(body);
    }

    @Test
    void acceptsEmptyBodyFramesWhileOctetsAreOutstanding() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publishMethod(1, "", queue)
                .header(1, 3)
                .body(1, "")
                .body(1, "a")
                .body(1, "")
                .body(1, "")
                .body(1, "bc");
        assertThat(client.get(1, queue).body()).isEqualTo(utf8("abc"));
    }

    @Test
    void refusesAnEmptyBodyFrameAfterTheLastOctet() {
        BROKER.channel()
                .publish(1, "", BROKER.name("nowhere"), utf8("abc"))
                .body(1, "")
                .expectConnectionClose(
                        505, "UNEXPECTED_FRAME - expected method frame, got non method frame instead", MethodId.NONE);
    }

    @Test
    void refusesAnEmptyBodyFrameForAnEmptyBody() {
        BROKER.channel()
                .publish(1, "", BROKER.name("nowhere"))
                .body(1, "")
                .expectConnectionClose(
                        505, "UNEXPECTED_FRAME - expected method frame, got non method frame instead", MethodId.NONE);
    }

    @Test
    void sendsNoBodyFrameForAnEmptyBody() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publish(1, "", queue);
        Content content = client.get(1, queue);
        assertThat(content.bodyFrameSizes()).isEmpty();
        client.ping(1);
    }

    @Test
    void acceptsContentsOfSeveralChannelsInterleaved() {
        RawAmqpClient client = BROKER.channel().channel(2);
        String first = client.declare(1, "");
        String second = client.declare(2, "");
        client.publishMethod(1, "", first)
                .publishMethod(2, "", second)
                .header(1, 4)
                .heartbeat()
                .header(2, 4)
                .body(1, "1a")
                .body(2, "2a")
                .body(2, "2b")
                .body(1, "1b");
        assertThat(client.get(1, first).body()).isEqualTo(utf8("1a1b"));
        assertThat(client.get(2, second).body()).isEqualTo(utf8("2a2b"));
    }

    @Test
    void publishesInTheOrderInWhichContentsBecomeComplete() {
        RawAmqpClient client = BROKER.channel().channel(2);
        String queue = client.declare(1, "");
        client.publishMethod(1, "", queue)
                .header(1, 1)
                .publish(2, "", queue, utf8("2"))
                .ping(2)
                .body(1, "1");
        assertThat(client.get(1, queue).body()).isEqualTo(utf8("2"));
        assertThat(client.get(1, queue).body()).isEqualTo(utf8("1"));
    }

    @Test
    void acceptsASessionInSegmentsOfAnySize() {
        for (int segment : new int[] {1, 2, 3, 5, 7, 8, 11, 64}) {
            byte[] session = session(BROKER.name("q"));
            RawAmqpClient client = BROKER.connect();
            for (int from = 0; from < session.length; from += segment) {
                client.send(Arrays.copyOfRange(session, from, Math.min(from + segment, session.length)));
            }
            client.expect(0, MethodId.CONNECTION_START);
            client.expect(0, MethodId.CONNECTION_TUNE);
            client.expect(0, MethodId.CONNECTION_OPEN_OK);
            client.expect(1, MethodId.CHANNEL_OPEN_OK);
            client.expect(1, MethodId.QUEUE_DECLARE_OK);
            assertThat(client.expectContent(1, MethodId.BASIC_GET_OK).body())
                    .as("segments of %s", segment)
                    .isEqualTo(utf8("payload"));
        }
    }

    private static byte[] session(String queue) {
        Handshake guest = Handshake.guest();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(utf8("AMQP"));
        out.writeBytes(octets(0, 0, 9, 1));
        out.writeBytes(RawFrame.encodeMethod(0, MethodId.CONNECTION_START_OK, guest.startOk()));
        out.writeBytes(RawFrame.encodeMethod(0, MethodId.CONNECTION_TUNE_OK, guest.tuneOk()));
        out.writeBytes(RawFrame.encodeMethod(0, MethodId.CONNECTION_OPEN, guest.open()));
        out.writeBytes(RawFrame.encodeMethod(1, MethodId.CHANNEL_OPEN, wire().shortStr("")));
        out.writeBytes(RawFrame.encodeMethod(
                1, MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(utf8(queue), QueueBits.EXCLUSIVE)));
        out.writeBytes(RawFrame.encodeMethod(
                1,
                MethodId.BASIC_PUBLISH,
                wire().shortUint(0).shortStr("").shortStr(queue).octet(0)));
        out.writeBytes(RawFrame.encode(
                RawFrame.HEADER,
                1,
                wire().shortUint(60).shortUint(0).longlong(7).shortUint(0).toBytes()));
        out.writeBytes(RawFrame.encode(RawFrame.BODY, 1, utf8("payload")));
        out.writeBytes(RawFrame.encodeMethod(
                1, MethodId.BASIC_GET, wire().shortUint(0).shortStr(queue).octet(1)));
        return out.toByteArray();
    }

    // ---- out

    @ParameterizedTest
    @CsvSource({"8184,1", "8185,2", "16368,2", "30000,4"})
    void splitsBodiesAtTheNegotiatedFrameMax(int size, int frames) {
        RawAmqpClient big = BROKER.channel();
        RawAmqpClient small =
                BROKER.connection(Handshake.guest().frameMax(8_192)).channel(1);
        String queue = small.declare(1, BROKER.name("q"));
        byte[] body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = (byte) (i * 31);
        }
        big.method(1, MethodId.CONFIRM_SELECT, wire().octet(1)).publish(1, "", queue, body);
        big.expect(1, MethodId.BASIC_ACK);
        Content content = small.get(1, queue);
        assertThat(content.body()).isEqualTo(body);
        assertThat(content.bodyFrameSizes()).hasSize(frames).allMatch(length -> length <= 8_184);
        assertThat(content.bodyFrameSizes().get(0)).isEqualTo(Math.min(size, 8_184));
    }

    @ParameterizedTest
    @MethodSource("properties")
    void returnsThePropertiesAsTheyCame(String what, int flags, byte[] properties) {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publishMethod(1, "", queue).header(1, 0, flags, properties);
        Content content = client.get(1, queue);
        assertThat(content.flags()).isEqualTo(flags);
        assertThat(content.properties()).isEqualTo(properties);
    }

    static Stream<Arguments> properties() {
        return Stream.of(
                Arguments.of("none", 0, octets()),
                Arguments.of(
                        "content type and delivery mode",
                        0x9000,
                        wire().shortStr("text/plain").octet(2).toBytes()),
                Arguments.of("an empty table", 0x2000, octets(0, 0, 0, 0)),
                Arguments.of(
                        "headers in no order",
                        0x2000,
                        wire().longUint(14)
                                .bytes(octets(1, 'z', 'I', 0, 0, 0, 1))
                                .bytes(octets(1, 'a', 's', 0, 1))
                                .bytes(octets(0, 'V'))
                                .toBytes()),
                Arguments.of(
                        "the reserved cluster id", 0x0004, wire().shortStr("cl").toBytes()),
                Arguments.of(
                        "all of them but the expiration, which is refused so far",
                        0xFEF8,
                        wire().shortStr("content-type")
                                .shortStr("content-encoding")
                                .emptyTable()
                                .octet(1)
                                .octet(9)
                                .shortStr("correlation-id")
                                .shortStr("reply-to")
                                .shortStr("message-id")
                                .longlong(-1)
                                .shortStr("type")
                                .shortStr("guest")
                                .shortStr("app-id")
                                .toBytes()));
    }

    @Test
    @Tag("not-rabbitmq-3.10") // refuses it with 406 {delivery_mode_unknown,200}
    void acceptsAnUnknownDeliveryMode() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publishMethod(1, "", queue).header(1, 0, 0x1000, octets(200));
        assertThat(client.get(1, queue).properties()).isEqualTo(octets(200));
    }

    @Test
    void relaysTextPropertiesThatAreNotUtf8() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publishMethod(1, "", queue)
                .header(1, 0, 0x8000, wire().shortStr(octets(0xFF, 0xFE)).toBytes());
        assertThat(client.get(1, queue).properties()).isEqualTo(octets(2, 0xFF, 0xFE));
    }

    @ParameterizedTest
    @MethodSource("undecodableProperties")
    void answersUndecodablePropertiesWithAnInternalError(String what, int flags, byte[] properties) {
        BROKER.channel()
                .publishMethod(1, "", BROKER.name("nowhere"))
                .header(1, 0, flags, properties)
                .expectConnectionClose(541, "INTERNAL_ERROR", MethodId.NONE);
    }

    static Stream<Arguments> undecodableProperties() {
        return Stream.of(
                Arguments.of("a string that is too short", 0x8000, octets(5, 'a')),
                Arguments.of("a missing property", 0x9000, octets(1, 'a')),
                Arguments.of("bytes nobody announced", 0, octets(5, 'a')),
                Arguments.of("a table that is too short", 0x2000, octets(0, 0, 0, 0x7F)),
                Arguments.of("an unknown tag in the headers", 0x2000, octets(0, 0, 0, 3, 1, 'a', 'Z')),
                Arguments.of("half a timestamp", 0x0040, octets(0, 0, 0, 1)));
    }

    @Test
    void answersAHeaderWithoutFlagsWithAnInternalError() {
        BROKER.channel()
                .publishMethod(1, "", BROKER.name("nowhere"))
                .frame(
                        RawFrame.HEADER,
                        1,
                        wire().shortUint(60).shortUint(0).longlong(0).toBytes())
                .expectConnectionClose(541, "INTERNAL_ERROR", MethodId.NONE);
    }
}
