package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are wrong by themselves or at the wrong place. */
@Tag("behaviour")
class FramingErrorTests {
    private static final String NOT_A_METHOD = "UNEXPECTED_FRAME - expected method frame, got non method frame instead";
    private static final String NOT_A_HEADER =
            "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead";
    private static final String NOT_A_BODY =
            "UNEXPECTED_FRAME - expected content body, got non content body frame instead";
    private static final String UNIMPLEMENTED = "COMMAND_INVALID - unimplemented method";

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    // ---- the frame itself

    @Test
    void refusesAWrongEndOctetThenClosesAfterTheDelay() {
        RawAmqpClient client = BROKER.channel();
        long sent = System.nanoTime();
        client.frameEndingWith(0, RawFrame.METHOD, 1, octets(0, 20, 0, 20, 1))
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - type 1, all octets = <<0,20,0,20,1>>: {invalid_frame_end_marker,0}",
                        MethodId.NONE)
                .expectClosed();
        assertThat((System.nanoTime() - sent) / 1_000_000)
                .as("milliseconds until the close")
                .isGreaterThan(BROKER.silentCloseDelayMillis() * 8 / 10);
    }

    @Test
    void refusesAWrongEndOctetOnAnyChannel() {
        BROKER.channel()
                .frameEndingWith(65, RawFrame.METHOD, 9, utf8("abc"))
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - type 1, all octets = <<\"abc\">>: {invalid_frame_end_marker,65}",
                        MethodId.NONE);
    }

    @Test
    void showsTheFirst16OctetsOfALongFrame() {
        RawAmqpClient client = BROKER.channel().frameEndingWith(65, RawFrame.BODY, 1, utf8("A".repeat(300)));
        CloseReason close = CloseReason.read(client.expect(0, MethodId.CONNECTION_CLOSE));
        assertThat(close.replyCode()).isEqualTo(501);
        // RabbitMQ breaks the line before the number because Erlang's printer does at 80 columns.
        assertThat(close.replyText().replaceAll("\\s+", " ").replace(", ", ","))
                .isEqualTo("FRAME_ERROR - type 3,first 16 octets = <<\"AAAAAAAAAAAAAAAA\">>: "
                        + "{invalid_frame_end_marker,65}");
    }

    @ParameterizedTest
    @MethodSource("unknownFrames")
    void refusesUnknownFrameTypes(int type, int channel, byte[] payload, String explanation) {
        BROKER.channel()
                .frame(type, channel, payload)
                .expectConnectionClose(501, "FRAME_ERROR - " + explanation, MethodId.NONE);
    }

    static Stream<Arguments> unknownFrames() {
        return Stream.of(
                Arguments.of(0, 0, octets(), "type 0, all octets = <<>>: unknown_frame"),
                Arguments.of(4, 1, octets(), "type 4, all octets = <<>>: unknown_frame"),
                Arguments.of(77, 1, octets(1, 2, 255), "type 77, all octets = <<1,2,255>>: unknown_frame"),
                Arguments.of(77, 1, utf8("hello"), "type 77, all octets = <<\"hello\">>: unknown_frame"),
                Arguments.of(77, 1, utf8("\"a\\\n"), "type 77, all octets = <<\"\\\"a\\\\\\n\">>: unknown_frame"),
                Arguments.of(77, 9, utf8("hello\0"), "type 77, all octets = <<104,101,108,108,111,0>>: unknown_frame"),
                Arguments.of(
                        255,
                        0,
                        utf8("hello world 12345"),
                        "type 255, first 16 octets = <<\"hello world 1234\">>: unknown_frame"));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void refusesAHeartbeatWithAPayload(int channel) {
        BROKER.channel()
                .frame(RawFrame.HEARTBEAT, channel, utf8("abc"))
                .expectConnectionClose(
                        501, "FRAME_ERROR - type 8, all octets = <<\"abc\">>: unknown_frame", MethodId.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void refusesAMethodFrameWithoutAMethod(int length) {
        BROKER.channel()
                .frame(RawFrame.METHOD, 1, new byte[length])
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - type 1, all octets = <<%s>>: unknown_frame".formatted(zeros(length)),
                        MethodId.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 11})
    void refusesAHeaderFrameThatIsTooShort(int length) {
        BROKER.channel()
                .publishMethod(1, "", "")
                .frame(RawFrame.HEADER, 1, new byte[length])
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - type 2, all octets = <<%s>>: unknown_frame".formatted(zeros(length)),
                        MethodId.NONE);
    }

    private static String zeros(int count) {
        return String.join(",", Collections.nCopies(count, "0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void refusesAHeartbeatOnAChannel(int channel) {
        BROKER.channel()
                .frame(RawFrame.HEARTBEAT, channel)
                .expectConnectionClose(505, "UNEXPECTED_FRAME - type 8, all octets = <<>>", MethodId.NONE);
    }

    @Test
    void refusesContentFramesOnChannel0() {
        BROKER.channel()
                .header(0, 0)
                .expectConnectionClose(
                        505, "UNEXPECTED_FRAME - type 2, all octets = <<0,60,0,0,0,0,0,0,0,0,0,0,0,0>>", MethodId.NONE);
        BROKER.channel()
                .body(0, "abc")
                .expectConnectionClose(505, "UNEXPECTED_FRAME - type 3, all octets = <<\"abc\">>", MethodId.NONE);
    }

    @ParameterizedTest
    @CsvSource({"3,131073", "1,2147483647", "1,4294967295", "77,2147483648"})
    void refusesAnOversizeFrameWithoutReadingIt(int type, long length) {
        BROKER.channel()
                .frameHead(type, 1, length)
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - type %d, all octets = <<>>: {frame_too_large,%d,131064}".formatted(type, length),
                        MethodId.NONE);
    }

    @Test
    void measuresFramesByTheNegotiatedLimitThenClosesAfterTheDelay() {
        BROKER.connection(Handshake.guest().frameMax(8_192))
                .frameHead(RawFrame.METHOD, 0, 8_193)
                .expectConnectionClose(
                        501, "FRAME_ERROR - type 1, all octets = <<>>: {frame_too_large,8193,8184}", MethodId.NONE)
                .expectClosed();
    }

    @Test
    void toleratesAPayloadOfExactlyFrameMax() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        byte[] body = new byte[131_072];
        client.publish(1, "", queue, body);
        assertThat(client.get(1, queue).body()).isEqualTo(body);
    }

    @Test
    void refusesASecondProtocolHeader() {
        BROKER.channel()
                .protocolHeader()
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - type 65, all octets = <<>>: {frame_too_large,1342177289,131064}",
                        MethodId.NONE);
    }

    // ---- channels

    @Test
    void refusesMethodsOnAChannelThatIsNotOpen() {
        String expected = "CHANNEL_ERROR - expected 'channel.open'";
        BROKER.channel().sendQueueDeclare(2, "q", 0).expectConnectionClose(504, expected, MethodId.QUEUE_DECLARE);
        BROKER.channel()
                .method(2, MethodId.CHANNEL_CLOSE, CloseReason.normal())
                .expectConnectionClose(504, expected, MethodId.CHANNEL_CLOSE);
        BROKER.channel()
                .method(65_535, MethodId.CHANNEL_CLOSE_OK)
                .expectConnectionClose(504, expected, MethodId.CHANNEL_CLOSE_OK);
    }

    @Test
    void refusesAPublishOnAChannelThatIsNotOpenOnceItsHeaderIsThere() {
        BROKER.channel()
                .publish(2, "", "q")
                .expectConnectionClose(504, "CHANNEL_ERROR - expected 'channel.open'", MethodId.BASIC_PUBLISH);
    }

    @Test
    void refusesContentFramesOnAChannelThatIsNotOpen() {
        BROKER.channel().header(2, 0).expectConnectionClose(505, NOT_A_METHOD, MethodId.NONE);
        BROKER.channel().body(2, "abc").expectConnectionClose(505, NOT_A_METHOD, MethodId.NONE);
    }

    @Test
    void refusesToOpenAnOpenChannel() {
        BROKER.channel()
                .method(1, MethodId.CHANNEL_OPEN, wire().shortStr(""))
                .expectConnectionClose(504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.CHANNEL_OPEN);
    }

    @Test
    void refusesMoreChannelsThanNegotiated() {
        BROKER.connection(Handshake.guest().channelMax(3))
                .channel(1)
                .channel(2)
                .channel(3)
                .method(4, MethodId.CHANNEL_OPEN, wire().shortStr(""))
                .expectConnectionClose(
                        530,
                        "NOT_ALLOWED - number of channels opened (3) has reached the negotiated channel_max (3)",
                        MethodId.NONE);
    }

    @Test
    void limitsTheCountOfChannelsNotTheirNumbers() {
        BROKER.connection(Handshake.guest().channelMax(3))
                .channel(7)
                .channel(200)
                .channel(65_535)
                .closeChannel(200)
                .channel(4)
                .closeConnection();
    }

    // ---- content in the wrong order

    @Test
    void refusesAMethodWhereAHeaderIsExpected() {
        BROKER.channel()
                .publishMethod(1, "", "")
                .sendQueueDeclare(1, "q", 0)
                .expectConnectionClose(505, NOT_A_HEADER, MethodId.BASIC_PUBLISH);
    }

    @Test
    void refusesABodyWhereAHeaderIsExpected() {
        BROKER.channel()
                .publishMethod(1, "", "")
                .body(1, "abc")
                .expectConnectionClose(505, NOT_A_HEADER, MethodId.BASIC_PUBLISH);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 50, 99})
    void refusesAHeaderOfAnotherClass(int classId) {
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, classId, 0, 5, 0)
                .expectConnectionClose(
                        505,
                        "UNEXPECTED_FRAME - expected content header for class 60, got one for class " + classId
                                + " instead",
                        MethodId.BASIC_PUBLISH);
    }

    @Test
    void takesAHeaderWithAWeightForNoHeader() {
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 60, 7, 0, 0)
                .expectConnectionClose(505, NOT_A_HEADER, MethodId.BASIC_PUBLISH);
    }

    @Test
    void refusesAMethodWhereABodyIsExpected() {
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 4)
                .sendQueueDeclare(1, "q", 0)
                .expectConnectionClose(505, NOT_A_BODY, MethodId.BASIC_PUBLISH);
    }

    @Test
    void refusesAHeaderWhereABodyIsExpected() {
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 4)
                .header(1, 4)
                .expectConnectionClose(505, NOT_A_BODY, MethodId.BASIC_PUBLISH);
    }

    @Test
    void refusesContentWhereAMethodIsExpected() {
        BROKER.channel().header(1, 0).expectConnectionClose(505, NOT_A_METHOD, MethodId.NONE);
        BROKER.channel().body(1, "abc").expectConnectionClose(505, NOT_A_METHOD, MethodId.NONE);
        BROKER.channel().body(1, "").expectConnectionClose(505, NOT_A_METHOD, MethodId.NONE);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // waits for more
    void refusesBodiesLongerThanDeclared() {
        String expected = "FRAME_ERROR - content body frame exceeds remaining content size";
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 4)
                .body(1, "abcde")
                .expectConnectionClose(501, expected, MethodId.BASIC_PUBLISH);
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, 4)
                .body(1, "abc")
                .body(1, "de")
                .expectConnectionClose(501, expected, MethodId.BASIC_PUBLISH);
    }

    @Tag("not-rabbitmq-3.10") // waits for the body
    @ParameterizedTest
    @CsvSource({
        "536870913,536870913",
        "4294967296,4294967296",
        "9223372036854775807,9223372036854775807",
        "-1,18446744073709551615"
    })
    void refusesAHeaderThatDeclaresTooMuch(long declared, String shown) {
        BROKER.channel()
                .publishMethod(1, "", "")
                .header(1, declared)
                .expectConnectionClose(
                        501,
                        "FRAME_ERROR - content body size " + shown + " exceeds maximum allowed size 536870912",
                        MethodId.BASIC_PUBLISH);
    }

    @Test
    void reservesNothingForABodyThatIsOnlyDeclared() {
        RawAmqpClient client = BROKER.connection();
        for (int channel = 1; channel <= 200; channel++) {
            client.channel(channel).publishMethod(channel, "", "").header(channel, 536_870_912);
        }
        client.channel(201).closeConnection();
    }

    // ---- arguments

    @ParameterizedTest
    @MethodSource("undecodable")
    void refusesArgumentsThatAreTooShortOrTooLong(MethodId method, byte[] arguments, String octets) {
        BROKER.channel()
                .method(1, method, wire().bytes(arguments))
                .expectConnectionClose(501, "FRAME_ERROR - cannot decode <<" + octets + ">>", method);
    }

    static Stream<Arguments> undecodable() {
        return Stream.of(
                Arguments.of(MethodId.QUEUE_DECLARE, octets(), ""),
                Arguments.of(MethodId.QUEUE_DECLARE, octets(0xFF), "255"),
                Arguments.of(MethodId.QUEUE_DECLARE, octets(0, 0, 1, 'a'), "0,0,1,97"),
                Arguments.of(MethodId.QUEUE_DECLARE, utf8("hello"), "104,101,108,108,111"),
                Arguments.of(
                        MethodId.QUEUE_DECLARE,
                        octets(0, 0, 1, 'a', 0, 0, 0, 0, 0, 'z', 'z'),
                        "0,0,1,97,0,0,0,0,0,122,122"),
                Arguments.of(
                        MethodId.QUEUE_DECLARE,
                        octets(0, 0, 1, 'a', 0, 0, 0, 0, 5, 'a', 'b'),
                        "0,0,1,97,0,0,0,0,5,97,98"),
                Arguments.of(
                        MethodId.QUEUE_DECLARE,
                        octets(0, 0, 1, 'a', 0, 0xFF, 0xFF, 0xFF, 0xFF),
                        "0,0,1,97,0,255,255,255,255"),
                Arguments.of(MethodId.BASIC_PUBLISH, octets(0, 0), "0,0"),
                Arguments.of(MethodId.BASIC_PUBLISH, octets(0, 0, 0, 0, 0, 1), "0,0,0,0,0,1"),
                Arguments.of(MethodId.BASIC_ACK, octets(0, 0, 0, 0, 0, 0, 0, 1), "0,0,0,0,0,0,0,1"));
    }

    @Test
    void refusesUndecodableArgumentsEvenOnAChannelThatIsNotOpen() {
        BROKER.channel()
                .method(2, MethodId.QUEUE_DECLARE, wire().octet(0xFF))
                .expectConnectionClose(501, "FRAME_ERROR - cannot decode <<255>>", MethodId.QUEUE_DECLARE);
        BROKER.channel()
                .method(2, MethodId.CHANNEL_OPEN)
                .expectConnectionClose(501, "FRAME_ERROR - cannot decode <<>>", MethodId.CHANNEL_OPEN);
    }

    @Test
    void cutsALongListOfOctets() {
        RawAmqpClient client = BROKER.channel().method(1, MethodId.QUEUE_DECLARE, wire().bytes(utf8("h".repeat(300))));
        CloseReason close = CloseReason.read(client.expect(0, MethodId.CONNECTION_CLOSE));
        assertThat(close.replyText())
                .hasSize(255)
                .startsWith("FRAME_ERROR - cannot decode <<104,104,104,")
                .endsWith(",10...");
    }

    @Test
    void answersUndecodableArgumentsOnChannel0WithAnInternalError() {
        BROKER.channel()
                .method(0, MethodId.CONNECTION_OPEN, wire().octet(0xFF))
                .expectConnectionClose(541, "INTERNAL_ERROR", MethodId.NONE);
        BROKER.channel()
                .method(0, MethodId.CONNECTION_CLOSE, CloseReason.normal().octet(0))
                .expectConnectionClose(541, "INTERNAL_ERROR", MethodId.NONE);
    }

    @Test
    void answersAnUndecodableTableOnChannel0WithAnInternalError() {
        BROKER.channel()
                .method(
                        0,
                        MethodId.CONNECTION_START_OK,
                        wire().longStr(octets(1, 'a', 'Z', 0, 0))
                                .shortStr("PLAIN")
                                .longStr("x")
                                .shortStr("en_US"))
                .expectConnectionClose(541, "INTERNAL_ERROR", MethodId.NONE);
    }

    @Test
    void closesWithoutAFrameOnUnknownMethods() {
        List<RawAmqpClient> clients = List.of(
                BROKER.channel().method(1, new MethodId(99, 1)),
                BROKER.channel().method(1, new MethodId(60, 99)),
                BROKER.channel().method(1, new MethodId(40, 41)),
                BROKER.channel().method(2, new MethodId(99, 99)),
                BROKER.channel().method(0, new MethodId(99, 1)),
                BROKER.channel().method(0, new MethodId(10, 99)));
        clients.forEach(RawAmqpClient::expectClosed);
    }

    @ParameterizedTest
    @MethodSource("undecodableTables")
    void closesWithoutAFrameOnUndecodableTables(String what, byte[] table) {
        BROKER.channel()
                .method(
                        1,
                        MethodId.QUEUE_DECLARE,
                        wire().shortUint(0).shortStr("q").octet(0).longStr(table))
                .expectClosed();
    }

    static Stream<Arguments> undecodableTables() {
        return Stream.of(
                Arguments.of("an unknown tag", octets(1, 'a', 'Z', 0)),
                Arguments.of("a key longer than the table", octets(5, 'a', 'b')),
                Arguments.of("a key without a value", octets(1, 'a')),
                Arguments.of("half an integer", octets(1, 'a', 'I', 0)),
                Arguments.of("a string longer than the table", octets(1, 'a', 'S', 0, 0, 0, 0xFF)),
                Arguments.of("a string of four gigabytes", octets(1, 'a', 'S', 0xFF, 0xFF, 0xFF, 0xFF)),
                Arguments.of("an array of an unknown tag", octets(1, 'a', 'A', 0, 0, 0, 1, 'Z')),
                Arguments.of("a nested table longer than the outer", octets(1, 'a', 'F', 0, 0, 0, 9)));
    }

    @ParameterizedTest
    @MethodSource("methodsOfServers")
    void refusesMethodsOnlyServersSend(MethodId method, Wire arguments) {
        BROKER.channel().method(1, method, arguments).expectConnectionClose(503, UNIMPLEMENTED, method);
    }

    static Stream<Arguments> methodsOfServers() {
        return Stream.of(
                Arguments.of(MethodId.CHANNEL_OPEN_OK, wire().longStr("")),
                Arguments.of(MethodId.CHANNEL_FLOW_OK, wire().octet(1)),
                Arguments.of(MethodId.ACCESS_REQUEST_OK, wire().shortUint(1)),
                Arguments.of(MethodId.EXCHANGE_DECLARE_OK, wire()),
                Arguments.of(MethodId.EXCHANGE_UNBIND_OK, wire()),
                Arguments.of(
                        MethodId.QUEUE_DECLARE_OK,
                        wire().shortStr("").longUint(0).longUint(0)),
                Arguments.of(MethodId.QUEUE_BIND_OK, wire()),
                Arguments.of(MethodId.BASIC_QOS_OK, wire()),
                Arguments.of(MethodId.BASIC_CONSUME_OK, wire().shortStr("")),
                Arguments.of(MethodId.BASIC_GET_EMPTY, wire().shortStr("")),
                Arguments.of(MethodId.BASIC_RECOVER_OK, wire()),
                Arguments.of(MethodId.CONFIRM_SELECT_OK, wire()),
                Arguments.of(MethodId.TX_SELECT_OK, wire()));
    }

    @Test
    void refusesContentMethodsOfServersOnceTheirHeaderIsThere() {
        BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_DELIVER,
                        wire().shortStr("").longlong(0).octet(0).shortStr("").shortStr(""))
                .header(1, 0)
                .expectConnectionClose(503, UNIMPLEMENTED, MethodId.BASIC_DELIVER);
        BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_RETURN,
                        wire().shortUint(0).shortStr("").shortStr("").shortStr(""))
                .header(1, 0)
                .expectConnectionClose(503, UNIMPLEMENTED, MethodId.BASIC_RETURN);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // refuses it as unimplemented
    void acceptsCancelOkFromAClient() {
        BROKER.channel()
                .method(1, MethodId.BASIC_CANCEL_OK, wire().shortStr("nobody"))
                .ping(1);
    }
}
