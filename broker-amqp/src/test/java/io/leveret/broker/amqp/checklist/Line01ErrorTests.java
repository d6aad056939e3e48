package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.leveret.broker.amqp.raw.CloseReason;
import io.leveret.broker.amqp.raw.Handshake;
import io.leveret.broker.amqp.raw.MethodId;
import io.leveret.broker.amqp.raw.RawAmqpClient;
import io.leveret.broker.amqp.raw.RawBroker;
import io.leveret.broker.amqp.raw.RawFrame;
import io.leveret.broker.amqp.raw.Wire;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way in which an operation or a frame can be wrong, once. More of them: {@code raw.HandshakeTests},
 * {@code FramingErrorTests}, {@code MethodErrorTests}, {@code ChannelStateTests}, {@code ProtocolHeaderTests},
 * {@code HeartbeatTests}, {@code HandshakeTimeoutTests}; {@code behaviour.ConnectionTests}.
 */
@Tag("behaviour")
@DisplayName("13.1 Errors: code, soft or hard, method ids, text; silent closes send no frame")
class Line01ErrorTests {
    private static final String MISSING = "checklist-missing";

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    // ---- soft errors

    static Stream<Arguments> softErrors() {
        MethodId publish = MethodId.BASIC_PUBLISH;
        return Stream.of(
                soft(
                        403,
                        "ACCESS_REFUSED - operation not permitted on the default exchange",
                        MethodId.EXCHANGE_DECLARE,
                        exchangeDeclare("", "direct")),
                soft(
                        403,
                        "ACCESS_REFUSED - deletion of system exchange 'amq.fanout' in vhost '/' not allowed",
                        MethodId.EXCHANGE_DELETE,
                        wire().shortUint(0).shortStr("amq.fanout").octet(0)),
                soft(
                        403,
                        "ACCESS_REFUSED - queue name 'amq.x' contains reserved prefix 'amq.*'",
                        MethodId.QUEUE_DECLARE,
                        RawAmqpClient.queueDeclare(utf8("amq.x"), 0)),
                soft(
                        404,
                        "NOT_FOUND - no queue 'checklist-missing' in vhost '/'",
                        MethodId.BASIC_GET,
                        wire().shortUint(0).shortStr(MISSING).octet(0)),
                soft(
                        404,
                        "NOT_FOUND - no queue 'checklist-missing' in vhost '/'",
                        MethodId.QUEUE_DECLARE,
                        RawAmqpClient.queueDeclare(utf8(MISSING), 1)),
                soft(
                        404,
                        "NOT_FOUND - no previously declared queue",
                        MethodId.QUEUE_PURGE,
                        wire().shortUint(0).shortStr("").octet(0)),
                arguments(
                        "404 publish",
                        send(client -> client.publish(1, MISSING, "key")),
                        404,
                        "NOT_FOUND - no exchange 'checklist-missing' in vhost '/'",
                        publish),
                arguments(
                        "403 publish",
                        send(client -> client.publish(1, "amq.rabbitmq.trace", "key")),
                        403,
                        "ACCESS_REFUSED - cannot publish to internal exchange 'amq.rabbitmq.trace' in vhost '/'",
                        publish),
                soft(
                        406,
                        "PRECONDITION_FAILED - unknown delivery tag 7",
                        MethodId.BASIC_ACK,
                        wire().longlong(7).octet(0)),
                soft(
                        406,
                        "PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'amq.direct' in vhost '/': "
                                + "received 'fanout' but current is 'direct'",
                        MethodId.EXCHANGE_DECLARE,
                        exchangeDeclare("amq.direct", "fanout")),
                soft(406, "PRECONDITION_FAILED - channel is not transactional", new MethodId(90, 20), wire()));
    }

    @ParameterizedTest(name = "{0} {4}: {3}")
    @MethodSource("softErrors")
    @DisplayName("a soft error closes the channel alone")
    void softErrorClosesTheChannelAlone(
            String what, Consumer<RawAmqpClient> offence, int code, String text, MethodId method) {
        RawAmqpClient client = BROKER.channel().channel(2);

        offence.accept(client);

        client.expectChannelClose(1, code, text, method).method(1, MethodId.CHANNEL_CLOSE_OK);
        client.ping(2).closeConnection();
    }

    @Test
    @DisplayName("405 for an exclusive queue of another connection")
    void resourceLocked() {
        String queue = BROKER.channel().declare(1, BROKER.name("exclusive"));

        BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_GET,
                        wire().shortUint(0).shortStr(queue).octet(0))
                .expectChannelClose(
                        1,
                        405,
                        "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '" + queue
                                + "' in vhost '/'. It could be originally declared on another connection or the exclusive "
                                + "property value does not match that of the original declaration.",
                        MethodId.BASIC_GET);
    }

    @Test
    @DisplayName("312 is the code of basic.return only")
    void noRoute() {
        RawAmqpClient client = BROKER.channel();
        client.method(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0).shortStr("").shortStr(MISSING).octet(1))
                .header(1, 0);
        var returned = client.expectContent(1, MethodId.BASIC_RETURN).method();
        assertThat(returned.shortUint()).isEqualTo(312);
        assertThat(returned.shortStr()).isEqualTo("NO_ROUTE");
    }

    @Test
    @DisplayName("the reply text is cut to 255 bytes")
    void textIsCut() {
        RawAmqpClient client = BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_GET,
                        wire().shortUint(0).shortStr("q".repeat(250)).octet(0));
        CloseReason close = CloseReason.read(client.expect(1, MethodId.CHANNEL_CLOSE));
        assertThat(close.replyText()).hasSize(255).startsWith("NOT_FOUND - no queue 'qqq");
    }

    // ---- hard errors

    static Stream<Arguments> hardErrors() {
        Handshake guest = Handshake.guest();
        MethodId none = MethodId.NONE;
        MethodId publish = MethodId.BASIC_PUBLISH;
        return Stream.of(
                hard(
                        501,
                        "FRAME_ERROR - type 1, all octets = <<>>: {frame_too_large,131073,131064}",
                        none,
                        client -> client.frameHead(RawFrame.METHOD, 1, 131_073)),
                hard(
                        501,
                        "FRAME_ERROR - type 77, all octets = <<>>: unknown_frame",
                        none,
                        client -> client.frame(77, 1)),
                hard(
                        501,
                        "FRAME_ERROR - cannot decode <<255>>",
                        MethodId.QUEUE_DECLARE,
                        client -> client.method(1, MethodId.QUEUE_DECLARE, wire().octet(0xFF))),
                hard(
                        501,
                        "FRAME_ERROR - Malformed UTF-8 in shortstr",
                        none,
                        client ->
                                client.method(1, MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(octets(0xFF), 0))),
                hard(
                        503,
                        "COMMAND_INVALID - unimplemented method",
                        MethodId.BASIC_GET_EMPTY,
                        client -> client.method(1, MethodId.BASIC_GET_EMPTY, wire().shortStr(""))),
                hard(
                        504,
                        "CHANNEL_ERROR - expected 'channel.open'",
                        MethodId.QUEUE_DECLARE,
                        client -> client.sendQueueDeclare(9, "q", 0)),
                hard(
                        504,
                        "CHANNEL_ERROR - second 'channel.open' seen",
                        MethodId.CHANNEL_OPEN,
                        client -> client.method(1, MethodId.CHANNEL_OPEN, wire().shortStr(""))),
                hard(
                        504,
                        "CHANNEL_ERROR - unexpected method in connection state running",
                        MethodId.CONNECTION_OPEN,
                        client -> client.method(0, MethodId.CONNECTION_OPEN, guest.open())),
                hard(
                        505,
                        "UNEXPECTED_FRAME - type 8, all octets = <<>>",
                        none,
                        client -> client.frame(RawFrame.HEARTBEAT, 1)),
                hard(505, "UNEXPECTED_FRAME - type 3, all octets = <<\"abc\">>", none, client -> client.body(0, "abc")),
                hard(
                        505,
                        "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead",
                        publish,
                        client -> client.publishMethod(1, "", "").method(1, MethodId.CHANNEL_FLOW, wire().octet(1))),
                hard(
                        505,
                        "UNEXPECTED_FRAME - expected content header for class 60, got one for class 10 instead",
                        publish,
                        client -> client.publishMethod(1, "", "").header(1, 10, 0, 0, 0)),
                hard(
                        505,
                        "UNEXPECTED_FRAME - expected content body, got non content body frame instead",
                        publish,
                        client -> client.publishMethod(1, "", "").header(1, 5).header(1, 5)),
                hard(
                        505,
                        "UNEXPECTED_FRAME - expected method frame, got non method frame instead",
                        none,
                        client -> client.body(1, "abc")),
                hard(530, "NOT_ALLOWED - attempt to reuse consumer tag 'tag'", MethodId.BASIC_CONSUME, client -> {
                    client.declare(1, "");
                    client.method(1, MethodId.BASIC_CONSUME, consume("tag"));
                    client.expect(1, MethodId.BASIC_CONSUME_OK);
                    client.method(1, MethodId.BASIC_CONSUME, consume("tag"));
                }),
                hard(
                        540,
                        "NOT_IMPLEMENTED - immediate=true",
                        publish,
                        client -> client.method(
                                        1,
                                        publish,
                                        wire().shortUint(0)
                                                .shortStr("")
                                                .shortStr("")
                                                .octet(2))
                                .header(1, 0)),
                hard(
                        540,
                        "NOT_IMPLEMENTED - prefetch_size!=0 (5)",
                        MethodId.BASIC_QOS,
                        client -> client.method(
                                1,
                                MethodId.BASIC_QOS,
                                wire().longUint(5).shortUint(0).octet(0))),
                hard(
                        540,
                        "NOT_IMPLEMENTED - active=false",
                        MethodId.CHANNEL_FLOW,
                        client -> client.method(1, MethodId.CHANNEL_FLOW, wire().octet(0))),
                hard(
                        541,
                        "INTERNAL_ERROR",
                        none,
                        client -> client.method(0, MethodId.CONNECTION_OPEN, wire().octet(0xFF))));
    }

    @ParameterizedTest(name = "{0} {4}: {3}")
    @MethodSource("hardErrors")
    @DisplayName("a hard error closes the connection, which waits for close-ok and ignores the rest")
    void hardErrorClosesTheConnection(
            String what, Consumer<RawAmqpClient> offence, int code, String text, MethodId method) {
        RawAmqpClient client = BROKER.channel();

        offence.accept(client);

        client.expectConnectionClose(code, text, method);
        if (code != 501) {
            client.sendQueueDeclare(1, BROKER.name("ignored"), 0)
                    .method(0, MethodId.CONNECTION_CLOSE_OK)
                    .expectClosed();
        }
    }

    @Test
    @DisplayName("501 for a wrong end octet, then the socket closes after the delay")
    void wrongEndOctet() {
        BROKER.channel()
                .frameEndingWith(0, RawFrame.HEARTBEAT, 0)
                .expectConnectionClose(
                        501, "FRAME_ERROR - type 8, all octets = <<>>: {invalid_frame_end_marker,0}", MethodId.NONE)
                .expectClosed();
    }

    @Test
    @DisplayName("530 for more channels than negotiated, counted whatever their numbers")
    void tooManyChannels() {
        BROKER.connection(Handshake.guest().channelMax(2))
                .channel(1)
                .channel(900)
                .method(3, MethodId.CHANNEL_OPEN, wire().shortStr(""))
                .expectConnectionClose(
                        530,
                        "NOT_ALLOWED - number of channels opened (2) has reached the negotiated channel_max (2)",
                        MethodId.NONE);
    }

    @Test
    @DisplayName("530 for a virtual host that is not there")
    void missingVirtualHost() {
        BROKER.connect()
                .tuned(Handshake.guest())
                .method(
                        0,
                        MethodId.CONNECTION_OPEN,
                        Handshake.guest().vhost("checklist").open())
                .expectConnectionClose(530, "NOT_ALLOWED - vhost checklist not found", MethodId.CONNECTION_OPEN);
    }

    @Test
    @DisplayName("403 for a refused login, to a client with the capability")
    void refusedLogin() {
        RawAmqpClient client = BROKER.connect().started();
        client.method(
                        0,
                        MethodId.CONNECTION_START_OK,
                        Handshake.guest().credentials("guest", "wrong").startOk())
                .expectConnectionClose(
                        403,
                        "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the "
                                + "broker logfile.",
                        MethodId.NONE);
    }

    @ParameterizedTest(name = "channel_max {0}, frame_max {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "2047 | 8191   | frame_max = 8191 is lower than the minimum allowed value (8192)",
                "2047 | 131073 | frame_max = 131073 is higher than the maximum allowed value (131072)",
                "2047 | 0      | frame_max = 0 (no limit) is higher than the maximum allowed value (131072)",
                "2048 | 131072 | channel_max = 2048 is higher than the maximum allowed value (2047)",
                "0    | 131072 | channel_max = 0 (no limit) is higher than the maximum allowed value (2047)"
            })
    @Tag("not-rabbitmq-3.10") // closes silently, and its minimum is 4096
    @DisplayName("530 for limits out of range")
    void limitsOutOfRange(int channelMax, int frameMax, String explanation) {
        BROKER.connect()
                .tuned(Handshake.guest().tune(channelMax, frameMax, 0))
                .expectConnectionClose(530, "NOT_ALLOWED - negotiated " + explanation, MethodId.CONNECTION_TUNE);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // 503, a hard error
    @DisplayName("406 for an unknown exchange type")
    void unknownExchangeType() {
        BROKER.channel()
                .method(1, MethodId.EXCHANGE_DECLARE, exchangeDeclare("checklist-e", "x-checklist"))
                .expectChannelClose(
                        1, 406, "PRECONDITION_FAILED - unknown exchange type 'x-checklist'", MethodId.EXCHANGE_DECLARE);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // waits for the rest
    @DisplayName("501 for bodies that do not fit what their header declared")
    void wrongBodySize() {
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 4)
                .body(1, "abcde")
                .expectConnectionClose(
                        501, "FRAME_ERROR - content body frame exceeds remaining content size", MethodId.BASIC_PUBLISH);
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 536_870_913)
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - content body size 536870913 exceeds maximum allowed size 536870912",
                        MethodId.BASIC_PUBLISH);
    }

    // ---- silence

    static Stream<Arguments> silentCloses() {
        Handshake guest = Handshake.guest();
        return Stream.of(
                silent(
                        "a wrong password without the capability",
                        () -> login(guest.credentials("guest", "wrong").capabilities("basic.nack"))),
                silent("an unknown mechanism", () -> login(guest.mechanism("NOPE"))),
                silent("a malformed response", () -> login(guest.mechanism("PLAIN", utf8("garbage")))),
                silent(
                        "a method of another state before login",
                        () -> BROKER.connect().started().method(0, MethodId.CONNECTION_OPEN, guest.open())),
                silent(
                        "a bad frame before login",
                        () -> BROKER.connect().started().frame(77, 0, utf8("hello"))),
                silent(
                        "a frame that is too large before tune-ok",
                        () -> BROKER.connect().authenticated(guest).frameHead(RawFrame.METHOD, 0, 8_193)),
                silent("an unknown method", () -> BROKER.channel().method(1, new MethodId(99, 1))),
                silent(
                        "a table that cannot be decoded",
                        () -> BROKER.channel()
                                .method(
                                        1,
                                        MethodId.QUEUE_DECLARE,
                                        wire().shortUint(0)
                                                .shortStr("q")
                                                .octet(0)
                                                .longStr(octets(1, 'a', 'Z', 0)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("silentCloses")
    @DisplayName("closes the socket without a frame after")
    void silentClose(String what, Supplier<RawAmqpClient> offence) {
        offence.get().expectClosed();
    }

    @Test
    @DisplayName("a foreign protocol header is answered with one of ours")
    void foreignProtocolHeader() {
        RawAmqpClient client = BROKER.connect().protocolHeader(0, 0, 10, 1);
        assertThat(client.expectProtocolHeader()).isEqualTo(octets(0, 0, 9, 1));
        client.expectClosed();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // answers 0 0 9 1
    @DisplayName("anything else than a protocol header is answered with that of AMQP 1.0")
    void noProtocolHeader() {
        RawAmqpClient client = BROKER.connect().send(utf8("GET / HT"));
        assertThat(client.expectProtocolHeader()).isEqualTo(octets(3, 1, 0, 0));
        client.expectClosed();
    }

    // ---- between close and close-ok

    @Test
    @DisplayName("a dying channel drops everything until its close-ok")
    void dyingChannel() {
        String queue = BROKER.name("dropped");
        RawAmqpClient client = BROKER.channel().channel(2);

        client.method(
                        1,
                        MethodId.BASIC_GET,
                        wire().shortUint(0).shortStr(MISSING).octet(0))
                .sendQueueDeclare(1, queue, 0)
                .method(1, MethodId.CHANNEL_CLOSE, CloseReason.normal());

        client.expect(1, MethodId.CHANNEL_CLOSE);
        client.expect(1, MethodId.CHANNEL_CLOSE_OK);
        client.method(1, MethodId.CHANNEL_CLOSE_OK).channel(1);
        client.sendQueueDeclare(1, queue, 1)
                .expectChannelClose(
                        1, 404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", MethodId.QUEUE_DECLARE);
    }

    @Test
    @DisplayName("close by the client: exclusive queues are gone before close-ok, later frames are ignored")
    void closeByTheClient() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, BROKER.name("exclusive"));

        client.send(Stream.of(
                        RawFrame.encodeMethod(0, MethodId.CONNECTION_CLOSE, CloseReason.normal()),
                        RawFrame.encodeMethod(1, MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(utf8(queue), 0)))
                .reduce(new byte[0], Line01ErrorTests::join));
        client.expect(0, MethodId.CONNECTION_CLOSE_OK);

        BROKER.channel()
                .sendQueueDeclare(1, queue, 1)
                .expectChannelClose(
                        1, 404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", MethodId.QUEUE_DECLARE);
    }

    private static byte[] join(byte[] one, byte[] other) {
        return wire().bytes(one).bytes(other).toBytes();
    }

    // ---- rows

    private static Arguments soft(int code, String text, MethodId method, Wire arguments) {
        return arguments(
                Integer.toString(code), send(client -> client.method(1, method, arguments)), code, text, method);
    }

    private static Arguments hard(int code, String text, MethodId method, Consumer<RawAmqpClient> offence) {
        return arguments(Integer.toString(code), offence, code, text, method);
    }

    private static Arguments silent(String what, Supplier<RawAmqpClient> offence) {
        return arguments(what, offence);
    }

    private static Consumer<RawAmqpClient> send(Consumer<RawAmqpClient> offence) {
        return offence;
    }

    private static RawAmqpClient login(Handshake handshake) {
        return BROKER.connect().started().method(0, MethodId.CONNECTION_START_OK, handshake.startOk());
    }

    private static Wire exchangeDeclare(String exchange, String type) {
        return wire().shortUint(0).shortStr(exchange).shortStr(type).octet(2).emptyTable();
    }

    private static Wire consume(String tag) {
        return wire().shortUint(0).shortStr("").shortStr(tag).octet(0).emptyTable();
    }
}
