package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.leveret.broker.amqp.raw.CloseReason;
import io.leveret.broker.amqp.raw.Content;
import io.leveret.broker.amqp.raw.Handshake;
import io.leveret.broker.amqp.raw.MethodId;
import io.leveret.broker.amqp.raw.QueueBits;
import io.leveret.broker.amqp.raw.RawAmqpClient;
import io.leveret.broker.amqp.raw.RawBroker;
import io.leveret.broker.amqp.raw.RawFrame;
import io.leveret.broker.amqp.raw.Wire;
import io.leveret.broker.amqp.raw.WireReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After each test the broker serves a healthy connection and has no other. More: {@code raw.FramingErrorTests},
 * {@code ContentTests}, {@code MethodErrorTests}, {@code FuzzTests}; {@code behaviour.InterleavingTests}.
 */
@Tag("behaviour")
@DisplayName("13.25 Framing: what is well-formed at the limits, and what is not")
class Line25FramingTests {
    private static final byte[] NOT_UTF8 = octets('a', 0xFF, 0xC3);
    private static final String MALFORMED = "FRAME_ERROR - Malformed UTF-8 in shortstr";

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    @AfterEach
    void brokerIsHealthy() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publish(1, "", queue, utf8("alive"));
        assertThat(client.get(1, queue).body()).isEqualTo(utf8("alive"));
        client.closeConnection();
        BROKER.releaseAll();
        BROKER.awaitNoConnections();
    }

    // ---- arguments

    static Stream<Arguments> methodsWithArguments() {
        Wire queue = wire().shortUint(0).shortStr("queue");
        return Stream.of(
                arguments(MethodId.CHANNEL_FLOW, wire().octet(1)),
                arguments(MethodId.EXCHANGE_DECLARE, declareExchange("name", "direct")),
                arguments(MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(utf8("name"), 0)),
                arguments(MethodId.QUEUE_BIND, bind("queue", "exchange", "key")),
                arguments(MethodId.BASIC_QOS, wire().longUint(0).shortUint(1).octet(0)),
                arguments(
                        MethodId.BASIC_CONSUME,
                        wire().bytes(queue.toBytes()).shortStr("tag").octet(0).emptyTable()),
                arguments(MethodId.BASIC_CANCEL, wire().shortStr("tag").octet(0)),
                arguments(
                        MethodId.BASIC_PUBLISH,
                        wire().bytes(queue.toBytes()).shortStr("key").octet(0)),
                arguments(MethodId.BASIC_GET, wire().bytes(queue.toBytes()).octet(0)),
                arguments(MethodId.BASIC_ACK, wire().longlong(1).octet(0)),
                arguments(MethodId.CONFIRM_SELECT, wire().octet(0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methodsWithArguments")
    @DisplayName("arguments truncated at each octet, or one octet too long: 501")
    void wrongArguments(MethodId method, Wire whole) {
        byte[] arguments = whole.toBytes();
        for (int length = 0; length <= arguments.length + 1; length++) {
            if (length == arguments.length) {
                continue;
            }
            RawAmqpClient client = BROKER.channel().method(1, method, wire().bytes(Arrays.copyOf(arguments, length)));
            CloseReason close = CloseReason.read(client.expect(0, MethodId.CONNECTION_CLOSE));
            assertThat(close.replyCode()).as("%d octets", length).isEqualTo(501);
            assertThat(close.replyText()).startsWith("FRAME_ERROR - cannot decode <<");
            assertThat(close.cause()).isEqualTo(method);
            BROKER.release(client);
        }
    }

    // ---- frames

    @ParameterizedTest
    @ValueSource(longs = {131_073, 1L << 20, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL})
    @DisplayName("oversize frame: 501 before its payload is there, of length")
    void oversizeFrame(long length) {
        for (int type : List.of(RawFrame.METHOD, RawFrame.HEADER, RawFrame.BODY, RawFrame.HEARTBEAT)) {
            BROKER.channel()
                    .frameHead(type, 1, length)
                    .expectConnectionClose(
                            501,
                            "FRAME_ERROR - type " + type + ", all octets = <<>>: {frame_too_large," + length
                                    + ",131064}",
                            MethodId.NONE);
        }
    }

    @Test
    @DisplayName("a frame of exactly frame_max is served")
    void largestFrame() {
        RawAmqpClient client =
                BROKER.connection(Handshake.guest().frameMax(8_192)).channel(1);
        String queue = client.declare(1, "");
        byte[] body = new byte[8_192];
        client.publish(1, "", queue, body);
        Content got = client.get(1, queue);
        assertThat(got.body()).isEqualTo(body);
        assertThat(got.bodyFrameSizes()).as("those of the server").containsExactly(8_184, 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0xCD, 0xCF, 0xFF})
    @DisplayName("wrong end octet: 501")
    void wrongEndOctet(int end) {
        for (int type : List.of(RawFrame.METHOD, RawFrame.HEADER, RawFrame.BODY)) {
            RawAmqpClient client = BROKER.channel().frameEndingWith(end, type, 1, octets(0, 20, 0, 20, 1));
            CloseReason close = CloseReason.read(client.expect(0, MethodId.CONNECTION_CLOSE));
            assertThat(close.replyCode()).isEqualTo(501);
            assertThat(close.replyText().replaceAll("\\s+", "")).endsWith("{invalid_frame_end_marker," + end + "}");
            assertThat(close.cause()).isEqualTo(MethodId.NONE);
        }
    }

    // ---- contents

    @Test
    @DisplayName("contents of several channels interleaved: each arrives whole")
    void interleavedChannels() {
        RawAmqpClient client = BROKER.channel().channel(2).channel(3);
        String queue = client.declare(1, "");
        for (int channel = 1; channel <= 3; channel++) {
            client.publishMethod(channel, "", queue);
        }
        for (int channel = 1; channel <= 3; channel++) {
            client.header(channel, 4);
        }
        for (int part = 0; part < 2; part++) {
            for (int channel = 3; channel >= 1; channel--) {
                client.body(channel, ("" + channel + part));
            }
        }

        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            bodies.add(new String(client.get(1, queue).body(), StandardCharsets.US_ASCII));
        }
        assertThat(bodies).containsExactlyInAnyOrder("1011", "2021", "3031");
    }

    @Test
    @DisplayName("other frames of the channel inside a content: 505")
    void interruptedContent() {
        String noHeader =
                "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead";
        String noBody = "UNEXPECTED_FRAME - expected content body, got non content body frame instead";
        Wire flow = wire().octet(1);
        BROKER.channel()
                .publishMethod(1, "", "")
                .method(1, MethodId.CHANNEL_FLOW, flow)
                .expectConnectionClose(505, noHeader, MethodId.BASIC_PUBLISH);
        BROKER.channel()
                .publishMethod(1, "", "")
                .body(1, "a")
                .expectConnectionClose(505, noHeader, MethodId.BASIC_PUBLISH);
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 5)
                .body(1, "a")
                .method(1, MethodId.CHANNEL_FLOW, flow)
                .expectConnectionClose(505, noBody, MethodId.BASIC_PUBLISH);
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 5)
                .publishMethod(1, "", "")
                .expectConnectionClose(505, noBody, MethodId.BASIC_PUBLISH);
    }

    @Test
    @DisplayName("zero-size body: no body frame in either direction, one that comes all the same is 505")
    void zeroSizeBody() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publish(1, "", queue);
        Content got = client.get(1, queue);
        assertThat(got.body()).isEmpty();
        assertThat(got.bodyFrameSizes()).isEmpty();
        client.ping(1);

        client.publishMethod(1, "", queue)
                .header(1, 0)
                .body(1, "")
                .expectConnectionClose(
                        505, "UNEXPECTED_FRAME - expected method frame, got non method frame instead", MethodId.NONE);
    }

    @Test
    @DisplayName("empty body frames are tolerated while octets are outstanding")
    void emptyBodyFrames() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publishMethod(1, "", queue)
                .header(1, 2)
                .body(1, "")
                .body(1, "a")
                .body(1, "")
                .body(1, "b");
        assertThat(client.get(1, queue).body()).isEqualTo(utf8("ab"));
    }

    // ---- names

    @Test
    @DisplayName("names of 255 bytes: queue, exchange, binding key, routing key, consumer tag")
    void longNames() {
        String queue = longName("queue");
        String exchange = longName("exchange");
        String key = longName("key");
        String tag = longName("tag");
        RawAmqpClient client = BROKER.channel();
        assertThat(client.declare(1, queue)).isEqualTo(queue);
        client.method(1, MethodId.EXCHANGE_DECLARE, declareExchange(exchange, "topic"));
        client.expect(1, MethodId.EXCHANGE_DECLARE_OK);
        client.method(1, MethodId.QUEUE_BIND, bind(queue, exchange, key));
        client.expect(1, MethodId.QUEUE_BIND_OK);
        client.method(
                1,
                MethodId.BASIC_CONSUME,
                wire().shortUint(0).shortStr(queue).shortStr(tag).octet(2).emptyTable());
        assertThat(client.expect(1, MethodId.BASIC_CONSUME_OK).shortStr()).isEqualTo(tag);

        client.publish(1, exchange, key, utf8("a"));

        WireReader delivery = client.expectContent(1, MethodId.BASIC_DELIVER).method();
        assertThat(delivery.shortStr()).isEqualTo(tag);
        delivery.longlong();
        delivery.octet();
        assertThat(delivery.shortStr()).isEqualTo(exchange);
        assertThat(delivery.shortStr()).isEqualTo(key);
    }

    private static String longName(String purpose) {
        String name = BROKER.name(purpose);
        return name + "x".repeat(255 - name.length());
    }

    static Stream<Arguments> namesThatAreNotUtf8() {
        return Stream.of(
                arguments(MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(NOT_UTF8, 0)),
                arguments(
                        MethodId.EXCHANGE_DECLARE,
                        wire().shortUint(0)
                                .shortStr(NOT_UTF8)
                                .shortStr("direct")
                                .octet(0)
                                .emptyTable()),
                arguments(
                        MethodId.EXCHANGE_DECLARE,
                        wire().shortUint(0)
                                .shortStr("name")
                                .shortStr(NOT_UTF8)
                                .octet(0)
                                .emptyTable()),
                arguments(
                        MethodId.QUEUE_BIND,
                        wire().shortUint(0)
                                .shortStr("queue")
                                .shortStr("amq.direct")
                                .shortStr(NOT_UTF8)
                                .octet(0)
                                .emptyTable()),
                arguments(
                        MethodId.BASIC_CONSUME,
                        wire().shortUint(0)
                                .shortStr("queue")
                                .shortStr(NOT_UTF8)
                                .octet(0)
                                .emptyTable()),
                arguments(MethodId.BASIC_CANCEL, wire().shortStr(NOT_UTF8).octet(0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("namesThatAreNotUtf8")
    @DisplayName("names that are not UTF-8: 501")
    void malformedName(MethodId method, Wire arguments) {
        BROKER.channel().method(1, method, arguments).expectConnectionClose(501, MALFORMED, MethodId.NONE);
    }

    @Test
    @DisplayName("a routing key that is not UTF-8 is relayed as it is")
    void malformedRoutingKey() {
        RawAmqpClient client = BROKER.channel();
        client.method(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0).shortStr("").shortStr(NOT_UTF8).octet(1))
                .header(1, 0);
        WireReader returned = client.expectContent(1, MethodId.BASIC_RETURN).method();
        returned.shortUint();
        returned.shortStr();
        returned.shortStr();
        assertThat(returned.shortStrBytes()).isEqualTo(NOT_UTF8);
    }

    // ---- chance

    @Test
    @DisplayName("sessions with random octets changed, cut anywhere, closed in any way")
    void randomSessions() {
        long seed = Long.getLong("broker.fuzz.seed", new Random().nextLong());
        System.out.println("13.25: -Dbroker.fuzz.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] session = session(BROKER.name("fuzz"));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                session[random.nextInt(session.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                session = Arrays.copyOf(session, random.nextInt(session.length));
            }
            RawAmqpClient client = BROKER.connect();
            client.offer(session);
            for (int frames = random.nextInt(20); frames > 0 && client.pollAnything(5); frames--) {
                // Whatever comes is well-formed, which pollAnything checks.
            }
            if (random.nextBoolean()) {
                client.abort();
            }
            BROKER.release(client);
        }
        BROKER.awaitNoConnections();
    }

    /** From the protocol header to the close. */
    private static byte[] session(String queue) {
        Handshake guest = Handshake.guest();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(wire().bytes(utf8("AMQP")).bytes(octets(0, 0, 9, 1)).toBytes());
        out.writeBytes(RawFrame.encodeMethod(0, MethodId.CONNECTION_START_OK, guest.startOk()));
        out.writeBytes(RawFrame.encodeMethod(0, MethodId.CONNECTION_TUNE_OK, guest.tuneOk()));
        out.writeBytes(RawFrame.encodeMethod(0, MethodId.CONNECTION_OPEN, guest.open()));
        out.writeBytes(RawFrame.encodeMethod(1, MethodId.CHANNEL_OPEN, wire().shortStr("")));
        out.writeBytes(RawFrame.encodeMethod(1, MethodId.CONFIRM_SELECT, wire().octet(0)));
        out.writeBytes(RawFrame.encodeMethod(
                1, MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(utf8(queue), QueueBits.EXCLUSIVE)));
        out.writeBytes(RawFrame.encodeMethod(1, MethodId.QUEUE_BIND, bind(queue, "amq.topic", "#")));
        out.writeBytes(RawFrame.encodeMethod(
                1,
                MethodId.BASIC_CONSUME,
                wire().shortUint(0).shortStr(queue).shortStr("tag").octet(0).emptyTable()));
        for (int i = 0; i < 3; i++) {
            out.writeBytes(RawFrame.encodeMethod(
                    1,
                    MethodId.BASIC_PUBLISH,
                    wire().shortUint(0).shortStr("amq.topic").shortStr("a.b").octet(1)));
            out.writeBytes(RawFrame.encode(
                    RawFrame.HEADER,
                    1,
                    wire().shortUint(60)
                            .shortUint(0)
                            .longlong(5)
                            .shortUint(0x3000)
                            .longStr(octets(1, 'h', 'S', 0, 0, 0, 1, 'v'))
                            .octet(2)
                            .toBytes()));
            out.writeBytes(RawFrame.encode(RawFrame.BODY, 1, utf8("01234")));
        }
        out.writeBytes(
                RawFrame.encodeMethod(1, MethodId.BASIC_ACK, wire().longlong(2).octet(1)));
        out.writeBytes(RawFrame.encodeMethod(1, MethodId.BASIC_RECOVER, wire().octet(1)));
        out.writeBytes(RawFrame.encodeMethod(1, MethodId.CHANNEL_CLOSE, CloseReason.normal()));
        out.writeBytes(RawFrame.encodeMethod(0, MethodId.CONNECTION_CLOSE, CloseReason.normal()));
        return out.toByteArray();
    }

    private static Wire declareExchange(String exchange, String type) {
        return wire().shortUint(0).shortStr(exchange).shortStr(type).octet(4).emptyTable();
    }

    private static Wire bind(String queue, String exchange, String key) {
        return wire().shortUint(0)
                .shortStr(queue)
                .shortStr(exchange)
                .shortStr(key)
                .octet(0)
                .emptyTable();
    }
}
