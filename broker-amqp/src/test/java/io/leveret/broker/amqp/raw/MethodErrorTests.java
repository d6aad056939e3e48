package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.octets;
import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that a well-behaved client library never sends: no-wait errors, odd names, empty tags. */
@Tag("behaviour")
class MethodErrorTests {
    private static final byte[] NOT_UTF8 = octets(0xFF, 0xFE);

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    // ---- no-wait

    @Test
    void repliesToNothingThatHasNoWaitSet() {
        String queue = BROKER.name("q");
        String exchange = BROKER.name("e");
        RawAmqpClient client = BROKER.channel();
        client.sendQueueDeclare(1, queue, QueueBits.EXCLUSIVE | QueueBits.NO_WAIT)
                .method(1, MethodId.EXCHANGE_DECLARE, exchangeDeclare(utf8(exchange), utf8("fanout"), 4 | 16))
                .method(1, MethodId.QUEUE_BIND, queueBind(queue, exchange, "", 1))
                .method(1, MethodId.EXCHANGE_BIND, exchangeBind(exchange, "amq.direct", queue, 1))
                .method(1, MethodId.EXCHANGE_UNBIND, exchangeBind(exchange, "amq.direct", queue, 1))
                .method(1, MethodId.CONFIRM_SELECT, wire().octet(1))
                .method(1, MethodId.BASIC_CONSUME, consume(utf8(queue), utf8("tag"), 8))
                .method(1, MethodId.BASIC_CANCEL, wire().shortStr("tag").octet(1))
                .method(
                        1,
                        MethodId.QUEUE_PURGE,
                        wire().shortUint(0).shortStr(queue).octet(1))
                .method(
                        1,
                        MethodId.QUEUE_DELETE,
                        wire().shortUint(0).shortStr(queue).octet(4))
                .method(
                        1,
                        MethodId.EXCHANGE_DELETE,
                        wire().shortUint(0).shortStr(exchange).octet(2))
                .ping(1);
    }

    @Test
    void doesWhatHasNoWaitSet() {
        String queue = BROKER.name("q");
        RawAmqpClient client = BROKER.channel();
        client.sendQueueDeclare(1, queue, QueueBits.EXCLUSIVE | QueueBits.NO_WAIT)
                .method(1, MethodId.QUEUE_BIND, queueBind(queue, "amq.direct", queue, 1))
                .publish(1, "amq.direct", queue, utf8("routed"));
        assertThat(client.get(1, queue).body()).isEqualTo(utf8("routed"));
    }

    @Test
    void confirmsAfterSelectWithNoWait() {
        RawAmqpClient client = BROKER.channel()
                .method(1, MethodId.CONFIRM_SELECT, wire().octet(1))
                .publish(1, "", BROKER.name("nowhere"));
        WireReader ack = client.expect(1, MethodId.BASIC_ACK);
        assertThat(ack.longlong()).isEqualTo(1);
        assertThat(ack.octet()).isZero();
    }

    @ParameterizedTest
    @MethodSource("noWaitErrors")
    void reportsErrorsDespiteNoWait(MethodId method, Wire arguments, int code, String text) {
        BROKER.channel().method(1, method, arguments).expectChannelClose(1, code, text, method);
    }

    static Stream<Arguments> noWaitErrors() {
        String noQueue = "NOT_FOUND - no queue 'raw-none' in vhost '/'";
        String noExchange = "NOT_FOUND - no exchange 'raw-none' in vhost '/'";
        return Stream.of(
                Arguments.of(
                        MethodId.QUEUE_DECLARE,
                        RawAmqpClient.queueDeclare(utf8("raw-none"), QueueBits.PASSIVE | QueueBits.NO_WAIT),
                        404,
                        noQueue),
                Arguments.of(
                        MethodId.EXCHANGE_DECLARE,
                        exchangeDeclare(utf8("amq.direct"), utf8("fanout"), 2 | 16),
                        406,
                        "PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'amq.direct' in vhost '/':"
                                + " received 'fanout' but current is 'direct'"),
                Arguments.of(
                        MethodId.EXCHANGE_DELETE,
                        wire().shortUint(0).shortStr("amq.direct").octet(2),
                        403,
                        "ACCESS_REFUSED - deletion of system exchange 'amq.direct' in vhost '/' not allowed"),
                Arguments.of(MethodId.QUEUE_BIND, queueBind("raw-none", "amq.direct", "", 1), 404, noQueue),
                Arguments.of(MethodId.EXCHANGE_BIND, exchangeBind("amq.direct", "raw-none", "", 1), 404, noExchange),
                Arguments.of(
                        MethodId.QUEUE_PURGE,
                        wire().shortUint(0).shortStr("raw-none").octet(1),
                        404,
                        noQueue),
                Arguments.of(MethodId.BASIC_CONSUME, consume(utf8("raw-none"), utf8("tag"), 8), 404, noQueue));
    }

    @Test
    void deletesMissingThingsWithoutAWord() {
        BROKER.channel()
                .method(
                        1,
                        MethodId.QUEUE_DELETE,
                        wire().shortUint(0).shortStr(BROKER.name("q")).octet(4))
                .method(
                        1,
                        MethodId.EXCHANGE_DELETE,
                        wire().shortUint(0).shortStr(BROKER.name("e")).octet(2))
                .method(1, MethodId.EXCHANGE_UNBIND, exchangeBind(BROKER.name("e"), BROKER.name("e"), "", 1))
                .method(1, MethodId.BASIC_CANCEL, wire().shortStr("nobody").octet(1))
                .ping(1);
    }

    @Test
    void refusesToReuseAConsumerTagDespiteNoWait() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.method(1, MethodId.BASIC_CONSUME, consume(utf8(queue), utf8("tag"), 8))
                .method(1, MethodId.BASIC_CONSUME, consume(utf8(queue), utf8("tag"), 8))
                .expectConnectionClose(
                        530, "NOT_ALLOWED - attempt to reuse consumer tag 'tag'", MethodId.BASIC_CONSUME);
    }

    // ---- names

    @Test
    void makesUpAConsumerTag() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.method(1, MethodId.BASIC_CONSUME, consume(utf8(queue), utf8(""), 0));
        String tag = client.expect(1, MethodId.BASIC_CONSUME_OK).shortStr();
        assertThat(tag).matches("amq\\.ctag-[A-Za-z0-9_-]{22}");
        client.publish(1, "", queue);
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).method().shortStr())
                .isEqualTo(tag);
    }

    @Test
    void makesUpAConsumerTagEvenIfNobodyLearnsItAtOnce() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.method(1, MethodId.BASIC_CONSUME, consume(utf8(queue), utf8(""), 8))
                .method(1, MethodId.BASIC_CONSUME, consume(utf8(queue), utf8(""), 8))
                .publish(1, "", queue)
                .publish(1, "", queue);
        String first = client.expectContent(1, MethodId.BASIC_DELIVER).method().shortStr();
        String second = client.expectContent(1, MethodId.BASIC_DELIVER).method().shortStr();
        assertThat(first).startsWith("amq.ctag-").isNotEqualTo(second);
    }

    @Test
    void makesUpAQueueName() {
        assertThat(BROKER.channel().declare(1, "")).matches("amq\\.gen-[A-Za-z0-9_-]{22}");
    }

    @Test
    void takesTheLastDeclaredQueueForAnEmptyName() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.method(1, MethodId.QUEUE_BIND, queueBind("", "amq.direct", "", 0));
        client.expect(1, MethodId.QUEUE_BIND_OK);
        client.publish(1, "amq.direct", queue, utf8("by its own name"));
        assertThat(client.get(1, "").body()).isEqualTo(utf8("by its own name"));
        client.method(1, MethodId.QUEUE_UNBIND, queueUnbind("", "amq.direct", ""));
        client.expect(1, MethodId.QUEUE_UNBIND_OK);
    }

    @ParameterizedTest
    @MethodSource("emptyQueueNames")
    void knowsNoEmptyNameWithoutADeclaredQueue(MethodId method, Wire arguments) {
        BROKER.channel()
                .method(1, method, arguments)
                .expectChannelClose(1, 404, "NOT_FOUND - no previously declared queue", method);
    }

    static Stream<Arguments> emptyQueueNames() {
        return Stream.of(
                Arguments.of(MethodId.QUEUE_BIND, queueBind("", "amq.direct", "k", 0)),
                Arguments.of(MethodId.QUEUE_UNBIND, queueUnbind("", "amq.direct", "k")),
                Arguments.of(
                        MethodId.QUEUE_PURGE, wire().shortUint(0).shortStr("").octet(0)),
                Arguments.of(
                        MethodId.QUEUE_DELETE, wire().shortUint(0).shortStr("").octet(0)),
                Arguments.of(MethodId.BASIC_CONSUME, consume(utf8(""), utf8("tag"), 0)),
                Arguments.of(
                        MethodId.BASIC_GET, wire().shortUint(0).shortStr("").octet(0)));
    }

    @Test
    void unbindsWhatIsNotThere() {
        RawAmqpClient client = BROKER.channel();
        client.method(1, MethodId.QUEUE_UNBIND, queueUnbind(BROKER.name("q"), BROKER.name("e"), "k"));
        client.expect(1, MethodId.QUEUE_UNBIND_OK);
        client.method(1, MethodId.EXCHANGE_UNBIND, exchangeBind(BROKER.name("e"), BROKER.name("e"), "k", 0));
        client.expect(1, MethodId.EXCHANGE_UNBIND_OK);
    }

    @Test
    void stripsLineBreaksFromADeclaredName() {
        assertThat(BROKER.channel().declare(1, "raw\r\n-line\n-break")).isEqualTo("raw-line-break");
    }

    @Test
    void acceptsNamesOf255Octets() {
        RawAmqpClient client = BROKER.channel();
        String queue = BROKER.name("q");
        String longName = queue + "n".repeat(255 - queue.length());
        assertThat(client.declare(1, longName)).isEqualTo(longName);
        client.publish(1, "", longName, utf8("x"));
        WireReader getOk = client.get(1, longName).method();
        getOk.longlong();
        getOk.octet();
        assertThat(getOk.shortStr()).isEmpty();
        assertThat(getOk.shortStr()).isEqualTo(longName);
        String tag = "t".repeat(255);
        client.method(1, MethodId.BASIC_CONSUME, consume(utf8(longName), utf8(tag), 0));
        assertThat(client.expect(1, MethodId.BASIC_CONSUME_OK).shortStr()).isEqualTo(tag);
    }

    @Test
    void cutsLongTextsAndMarksTheCut() {
        String queue = "m".repeat(255);
        RawAmqpClient client = BROKER.channel().sendQueueDeclare(1, queue, QueueBits.PASSIVE);
        CloseReason close = CloseReason.read(client.expect(1, MethodId.CHANNEL_CLOSE));
        String whole = "NOT_FOUND - no queue '" + queue + "' in vhost '/'";
        assertThat(close.replyText()).isEqualTo(whole.substring(0, 252) + "...");
    }

    @Test
    void leavesTextsOf255OctetsWhole() {
        String queue = "q".repeat(255 - "NOT_FOUND - no queue '' in vhost '/'".length());
        BROKER.channel()
                .sendQueueDeclare(1, queue, QueueBits.PASSIVE)
                .expectChannelClose(
                        1, 404, "NOT_FOUND - no queue '" + queue + "' in vhost '/'", MethodId.QUEUE_DECLARE);
    }

    @ParameterizedTest
    @MethodSource("malformedNames")
    void refusesNamesThatAreNotUtf8(String what, MethodId method, Wire arguments) {
        BROKER.channel()
                .method(1, method, arguments)
                .expectConnectionClose(501, "FRAME_ERROR - Malformed UTF-8 in shortstr", MethodId.NONE);
    }

    static Stream<Arguments> malformedNames() {
        return Stream.of(
                Arguments.of("queue", MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(NOT_UTF8, 0)),
                Arguments.of(
                        "passive queue",
                        MethodId.QUEUE_DECLARE,
                        RawAmqpClient.queueDeclare(NOT_UTF8, QueueBits.PASSIVE)),
                Arguments.of(
                        "overlong form", MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(octets(0xC0, 0x80), 0)),
                Arguments.of("cut sequence", MethodId.QUEUE_DECLARE, RawAmqpClient.queueDeclare(octets('a', 0xC3), 0)),
                Arguments.of("exchange", MethodId.EXCHANGE_DECLARE, exchangeDeclare(NOT_UTF8, utf8("direct"), 0)),
                Arguments.of("type", MethodId.EXCHANGE_DECLARE, exchangeDeclare(utf8("raw-e"), NOT_UTF8, 0)),
                Arguments.of(
                        "binding key",
                        MethodId.QUEUE_BIND,
                        wire().shortUint(0)
                                .shortStr("q")
                                .shortStr("amq.direct")
                                .shortStr(NOT_UTF8)
                                .octet(0)
                                .emptyTable()),
                Arguments.of("consumed queue", MethodId.BASIC_CONSUME, consume(NOT_UTF8, utf8("tag"), 0)),
                Arguments.of("consumer tag", MethodId.BASIC_CONSUME, consume(utf8("q"), NOT_UTF8, 0)),
                Arguments.of(
                        "cancelled tag",
                        MethodId.BASIC_CANCEL,
                        wire().shortStr(NOT_UTF8).octet(0)),
                Arguments.of(
                        "got queue",
                        MethodId.BASIC_GET,
                        wire().shortUint(0).shortStr(NOT_UTF8).octet(0)),
                Arguments.of(
                        "realm",
                        MethodId.ACCESS_REQUEST,
                        wire().shortStr(NOT_UTF8).octet(0)),
                Arguments.of(
                        "close text",
                        MethodId.CHANNEL_CLOSE,
                        wire().shortUint(200).shortStr(NOT_UTF8).shortUint(0).shortUint(0)));
    }

    @Test
    void refusesACloseTextThatIsNotUtf8OnChannel0() {
        BROKER.channel()
                .method(
                        0,
                        MethodId.CONNECTION_CLOSE,
                        wire().shortUint(200).shortStr(NOT_UTF8).shortUint(0).shortUint(0))
                .expectConnectionClose(501, "FRAME_ERROR - Malformed UTF-8 in shortstr", MethodId.CONNECTION_CLOSE);
    }

    @Test
    void acceptsAPublishedKeyThatIsNotUtf8() {
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

    @Test
    void deliversAKeyThatIsNotUtf8AsItCame() {
        RawAmqpClient client = BROKER.channel();
        String exchange = BROKER.name("e");
        String queue = client.declare(1, "");
        client.method(1, MethodId.EXCHANGE_DECLARE, exchangeDeclare(utf8(exchange), utf8("fanout"), 4));
        client.expect(1, MethodId.EXCHANGE_DECLARE_OK);
        client.method(1, MethodId.QUEUE_BIND, queueBind(queue, exchange, "", 0));
        client.expect(1, MethodId.QUEUE_BIND_OK);
        client.method(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0)
                                .shortStr(exchange)
                                .shortStr(NOT_UTF8)
                                .octet(0))
                .header(1, 0);
        WireReader getOk = client.get(1, queue).method();
        getOk.longlong();
        getOk.octet();
        assertThat(getOk.shortStr()).isEqualTo(exchange);
        assertThat(getOk.shortStrBytes()).isEqualTo(NOT_UTF8);
    }

    @Test
    void namesAMissingExchangeThatIsNotUtf8ByItsBytes() {
        RawAmqpClient client = BROKER.channel();
        client.method(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0).shortStr(NOT_UTF8).shortStr("").octet(0))
                .header(1, 0);
        WireReader close = client.expect(1, MethodId.CHANNEL_CLOSE);
        assertThat(close.shortUint()).isEqualTo(404);
        assertThat(close.shortStrBytes())
                .isEqualTo(wire().bytes(utf8("NOT_FOUND - no exchange '"))
                        .bytes(NOT_UTF8)
                        .bytes("' in vhost '/'".getBytes(StandardCharsets.US_ASCII))
                        .toBytes());
    }

    @Test
    void acceptsTableKeysAndValuesThatAreNotUtf8() {
        RawAmqpClient client = BROKER.channel();
        client.method(
                1,
                MethodId.QUEUE_DECLARE,
                wire().shortUint(0)
                        .shortStr("")
                        .octet(QueueBits.EXCLUSIVE)
                        .longStr(wire().shortStr(NOT_UTF8)
                                .octet('S')
                                .longStr(NOT_UTF8)
                                .toBytes()));
        client.expect(1, MethodId.QUEUE_DECLARE_OK);
    }

    @Test
    void acceptsNamesWithControlCharacters() {
        assertThat(BROKER.channel().declare(1, "raw\0\u0001\u007f\t")).isEqualTo("raw\0\u0001\u007f\t");
    }

    // ---- delivery tags

    @ParameterizedTest
    @MethodSource("unknownTags")
    void refusesUnknownDeliveryTags(MethodId method, long tag, int bits, String shown) {
        BROKER.channel()
                .method(1, method, wire().longlong(tag).octet(bits))
                .expectChannelClose(1, 406, "PRECONDITION_FAILED - unknown delivery tag " + shown, method);
    }

    static Stream<Arguments> unknownTags() {
        MethodId reject = new MethodId(60, 90);
        MethodId nack = new MethodId(60, 120);
        return Stream.of(
                Arguments.of(MethodId.BASIC_ACK, 5L, 0, "5"),
                Arguments.of(MethodId.BASIC_ACK, 0L, 0, "0"),
                Arguments.of(MethodId.BASIC_ACK, -1L, 1, "18446744073709551615"),
                Arguments.of(reject, Long.MIN_VALUE, 1, "9223372036854775808"),
                Arguments.of(nack, 7L, 3, "7"));
    }

    @Test
    void acceptsAnAckOfEverythingWhenThereIsNothing() {
        BROKER.channel()
                .method(1, MethodId.BASIC_ACK, wire().longlong(0).octet(1))
                .ping(1);
    }

    private static Wire exchangeDeclare(byte[] exchange, byte[] type, int bits) {
        return wire().shortUint(0).shortStr(exchange).shortStr(type).octet(bits).emptyTable();
    }

    private static Wire queueBind(String queue, String exchange, String key, int bits) {
        return wire().shortUint(0)
                .shortStr(queue)
                .shortStr(exchange)
                .shortStr(key)
                .octet(bits)
                .emptyTable();
    }

    private static Wire queueUnbind(String queue, String exchange, String key) {
        return wire().shortUint(0)
                .shortStr(queue)
                .shortStr(exchange)
                .shortStr(key)
                .emptyTable();
    }

    private static Wire exchangeBind(String destination, String source, String key, int bits) {
        return queueBind(destination, source, key, bits);
    }

    private static Wire consume(byte[] queue, byte[] tag, int bits) {
        return wire().shortUint(0).shortStr(queue).shortStr(tag).octet(bits).emptyTable();
    }
}
