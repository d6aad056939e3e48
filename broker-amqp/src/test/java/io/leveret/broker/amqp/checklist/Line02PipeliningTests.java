package io.leveret.broker.amqp.checklist;

import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.leveret.broker.amqp.raw.MethodId;
import io.leveret.broker.amqp.raw.QueueBits;
import io.leveret.broker.amqp.raw.RawAmqpClient;
import io.leveret.broker.amqp.raw.RawBroker;
import io.leveret.broker.amqp.raw.RawFrame;
import io.leveret.broker.amqp.raw.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** More: {@code behaviour.PipeliningTests}, {@code behaviour.NoWaitTests}, {@code raw.MethodErrorTests}. */
@Tag("behaviour")
@DisplayName("13.2 Pipelined declare, bind, publish, consume; nowait sends no reply yet does send errors")
class Line02PipeliningTests {
    private static final int NO_WAIT_OF_EXCHANGE_DECLARE = 16;
    private static final int AUTO_DELETE_OF_EXCHANGE_DECLARE = 4;

    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    @Test
    @DisplayName("declare, bind, publish and consume in one packet are answered in order")
    void everythingInOnePacket() {
        String queue = BROKER.name("q");
        String exchange = BROKER.name("e");
        RawAmqpClient client = BROKER.channel();

        client.send(session(queue, exchange, 0, 0));

        client.expect(1, MethodId.EXCHANGE_DECLARE_OK);
        assertThat(client.expect(1, MethodId.QUEUE_DECLARE_OK).shortStr()).isEqualTo(queue);
        client.expect(1, MethodId.QUEUE_BIND_OK);
        client.expect(1, MethodId.BASIC_CONSUME_OK);
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("a"));
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("b"));
    }

    @Test
    @DisplayName("the same with nowait: no reply, the deliveries come at once")
    void everythingWithNoWait() {
        RawAmqpClient client = BROKER.channel();

        client.send(session(BROKER.name("q"), BROKER.name("e"), 1, QueueBits.NO_WAIT));

        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("a"));
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("b"));
        client.ping(1);
    }

    /** The no-wait bit of most methods is given by its place, that of the declares is the fifth of their flags. */
    private static byte[] session(String queue, String exchange, int noWait, int noWaitOfDeclare) {
        return wire().bytes(RawFrame.encodeMethod(
                        1,
                        MethodId.EXCHANGE_DECLARE,
                        exchangeDeclare(exchange, AUTO_DELETE_OF_EXCHANGE_DECLARE | noWaitOfDeclare)))
                .bytes(RawFrame.encodeMethod(
                        1,
                        MethodId.QUEUE_DECLARE,
                        RawAmqpClient.queueDeclare(utf8(queue), QueueBits.EXCLUSIVE | noWaitOfDeclare)))
                .bytes(RawFrame.encodeMethod(1, MethodId.QUEUE_BIND, queueBind(queue, exchange, noWait)))
                .bytes(message(exchange, "a"))
                .bytes(message(exchange, "b"))
                .bytes(RawFrame.encodeMethod(1, MethodId.BASIC_CONSUME, consume(queue, 2 | 8 * noWait)))
                .toBytes();
    }

    private static byte[] message(String exchange, String body) {
        return wire().bytes(RawFrame.encodeMethod(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0).shortStr(exchange).shortStr("key").octet(0)))
                .bytes(RawFrame.encode(
                        RawFrame.HEADER,
                        1,
                        wire().shortUint(60)
                                .shortUint(0)
                                .longlong(body.length())
                                .shortUint(0)
                                .toBytes()))
                .bytes(RawFrame.encode(RawFrame.BODY, 1, utf8(body)))
                .toBytes();
    }

    static Stream<Arguments> wrongWithNoWait() {
        String exchange = "no exchange 'checklist-missing' in vhost '/'";
        String queue = "no queue 'checklist-missing' in vhost '/'";
        return Stream.of(
                arguments(
                        MethodId.EXCHANGE_DECLARE,
                        exchangeDeclare("checklist-missing", 1 | NO_WAIT_OF_EXCHANGE_DECLARE),
                        exchange),
                arguments(
                        MethodId.EXCHANGE_BIND,
                        wire().shortUint(0)
                                .shortStr("amq.fanout")
                                .shortStr("checklist-missing")
                                .shortStr("")
                                .octet(1)
                                .emptyTable(),
                        exchange),
                arguments(
                        MethodId.QUEUE_DECLARE,
                        RawAmqpClient.queueDeclare(utf8("checklist-missing"), QueueBits.PASSIVE | QueueBits.NO_WAIT),
                        queue),
                arguments(MethodId.QUEUE_BIND, queueBind("checklist-missing", "amq.fanout", 1), queue),
                arguments(
                        MethodId.QUEUE_PURGE,
                        wire().shortUint(0).shortStr("checklist-missing").octet(1),
                        queue),
                arguments(MethodId.BASIC_CONSUME, consume("checklist-missing", 8), queue));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("wrongWithNoWait")
    @DisplayName("errors of methods with nowait are sent, after what was pipelined before and instead of what follows")
    void errorsAreSent(MethodId method, Wire arguments, String explanation) {
        RawAmqpClient client = BROKER.channel();

        client.send(wire().bytes(RawFrame.encodeMethod(1, MethodId.CHANNEL_FLOW, wire().octet(1)))
                .bytes(RawFrame.encodeMethod(1, method, arguments))
                .bytes(RawFrame.encodeMethod(1, MethodId.CHANNEL_FLOW, wire().octet(1)))
                .toBytes());

        client.expect(1, MethodId.CHANNEL_FLOW_OK);
        client.expectChannelClose(1, 404, "NOT_FOUND - " + explanation, method)
                .method(1, MethodId.CHANNEL_CLOSE_OK)
                .channel(1);
    }

    private static Wire exchangeDeclare(String exchange, int bits) {
        return wire().shortUint(0)
                .shortStr(exchange)
                .shortStr("fanout")
                .octet(bits)
                .emptyTable();
    }

    private static Wire queueBind(String queue, String exchange, int bits) {
        return wire().shortUint(0)
                .shortStr(queue)
                .shortStr(exchange)
                .shortStr("key")
                .octet(bits)
                .emptyTable();
    }

    private static Wire consume(String queue, int bits) {
        return wire().shortUint(0).shortStr(queue).shortStr("tag").octet(bits).emptyTable();
    }
}
