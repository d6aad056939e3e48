package io.leveret.broker.amqp.raw;

import static io.leveret.broker.amqp.raw.Wire.utf8;
import static io.leveret.broker.amqp.raw.Wire.wire;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that hardly any client library offers, and the odd rules about them. */
@Tag("behaviour")
class FlowAndMiscTests {
    @RegisterExtension
    static final RawBroker BROKER = RawBroker.create();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 0xFF})
    void answersActiveFlowWithFlowOk(int bits) {
        RawAmqpClient client = BROKER.channel().method(1, MethodId.CHANNEL_FLOW, wire().octet(bits));
        assertThat(client.expect(1, MethodId.CHANNEL_FLOW_OK).octet()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0xFE})
    void refusesToStopTheFlow(int bits) {
        BROKER.channel()
                .method(1, MethodId.CHANNEL_FLOW, wire().octet(bits))
                .expectConnectionClose(540, "NOT_IMPLEMENTED - active=false", MethodId.CHANNEL_FLOW);
    }

    @Test
    void answersAccessRequestWithTicket1() {
        RawAmqpClient client = BROKER.channel()
                .method(1, MethodId.ACCESS_REQUEST, wire().shortStr("/data").octet(0x1F));
        WireReader ok = client.expect(1, MethodId.ACCESS_REQUEST_OK);
        assertThat(ok.shortUint()).isEqualTo(1);
        assertThat(ok.remaining()).isZero();
    }

    @Test
    void ignoresTickets() {
        RawAmqpClient client = BROKER.channel();
        client.method(
                1,
                MethodId.QUEUE_DECLARE,
                wire().shortUint(0xFFFF).shortStr("").octet(QueueBits.EXCLUSIVE).emptyTable());
        client.expect(1, MethodId.QUEUE_DECLARE_OK);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // still has basic.credit
    void knowsNoBasicCredit() {
        BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_CREDIT,
                        wire().shortStr("tag").longUint(1).octet(0))
                .expectConnectionClose(503, "COMMAND_INVALID - unimplemented method", MethodId.BASIC_CREDIT);
    }

    @Test
    void answersExchangeUnbindWithMethod51() {
        Wire binding = wire().shortUint(0)
                .shortStr("amq.fanout")
                .shortStr("amq.direct")
                .shortStr(BROKER.name("key"))
                .octet(0)
                .emptyTable();
        RawAmqpClient client = BROKER.channel().method(1, MethodId.EXCHANGE_BIND, binding);
        client.expect(1, MethodId.EXCHANGE_BIND_OK);
        client.method(1, MethodId.EXCHANGE_UNBIND, binding);
        RawFrame frame = client.read();
        assertThat(frame.methodId()).isEqualTo(new MethodId(40, 51));
        assertThat(frame.arguments().remaining()).isZero();
    }

    @Test
    void requeuesOnRecoverAsyncWithoutAReply() {
        RawAmqpClient client = BROKER.channel();
        String queue = client.declare(1, "");
        client.publish(1, "", queue, utf8("again"));
        client.method(1, MethodId.BASIC_GET, wire().shortUint(0).shortStr(queue).octet(0));
        client.expectContent(1, MethodId.BASIC_GET_OK);
        client.method(1, MethodId.BASIC_RECOVER_ASYNC, wire().octet(1)).ping(1);
        WireReader getOk = client.get(1, queue).method();
        assertThat(getOk.longlong()).as("delivery tag").isEqualTo(2);
        assertThat(getOk.octet()).as("redelivered").isEqualTo(1);
    }

    @Test
    void refusesRecoverWithoutRequeue() {
        BROKER.channel()
                .method(1, MethodId.BASIC_RECOVER_ASYNC, wire().octet(0))
                .expectConnectionClose(540, "NOT_IMPLEMENTED - requeue=false", MethodId.BASIC_RECOVER_ASYNC);
        BROKER.channel()
                .method(1, MethodId.BASIC_RECOVER, wire().octet(0))
                .expectConnectionClose(540, "NOT_IMPLEMENTED - requeue=false", MethodId.BASIC_RECOVER);
    }

    @Test
    void answersRecoverWithNothingToRecover() {
        BROKER.channel().method(1, MethodId.BASIC_RECOVER, wire().octet(1)).expect(1, MethodId.BASIC_RECOVER_OK);
        BROKER.channel()
                .method(1, MethodId.BASIC_RECOVER_ASYNC, wire().octet(1))
                .ping(1);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "5,5", "-1,4294967295"})
    void refusesAPrefetchSize(int size, String shown) {
        BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_QOS,
                        wire().longUint(size).shortUint(0).octet(0))
                .expectConnectionClose(540, "NOT_IMPLEMENTED - prefetch_size!=0 (" + shown + ")", MethodId.BASIC_QOS);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "65535,0", "7,1"})
    void acceptsAnyPrefetchCount(int count, int global) {
        RawAmqpClient client = BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_QOS,
                        wire().longUint(0).shortUint(count).octet(global));
        client.expect(1, MethodId.BASIC_QOS_OK);
    }

    @Test
    void refusesImmediateBeforeItLooksForTheExchange() {
        RawAmqpClient client = BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0)
                                .shortStr("no such exchange")
                                .shortStr("")
                                .octet(3))
                .header(1, 0);
        client.expectConnectionClose(540, "NOT_IMPLEMENTED - immediate=true", MethodId.BASIC_PUBLISH);
    }

    @Test
    void refusesImmediateOnlyOnceTheContentIsThere() {
        RawAmqpClient client = BROKER.channel()
                .channel(2)
                .method(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0).shortStr("").shortStr("").octet(2))
                .header(1, 1)
                .ping(2)
                .body(1, "x");
        client.expectConnectionClose(540, "NOT_IMPLEMENTED - immediate=true", MethodId.BASIC_PUBLISH);
    }

    @Test
    void returnsAnUnroutableMandatoryMessageAsItCame() {
        String key = BROKER.name("nowhere");
        RawAmqpClient client = BROKER.channel()
                .method(
                        1,
                        MethodId.BASIC_PUBLISH,
                        wire().shortUint(0).shortStr("amq.direct").shortStr(key).octet(1))
                .header(1, 3)
                .body(1, "abc");
        Content returned = client.expectContent(1, MethodId.BASIC_RETURN);
        WireReader method = returned.method();
        assertThat(method.shortUint()).isEqualTo(312);
        assertThat(method.shortStr()).isEqualTo("NO_ROUTE");
        assertThat(method.shortStr()).isEqualTo("amq.direct");
        assertThat(method.shortStr()).isEqualTo(key);
        assertThat(returned.body()).isEqualTo(utf8("abc"));
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        String queue = BROKER.name("q");
        RawAmqpClient client = BROKER.channel();
        client.sendQueueDeclare(1, queue, QueueBits.EXCLUSIVE)
                .method(
                        1,
                        MethodId.QUEUE_BIND,
                        wire().shortUint(0)
                                .shortStr(queue)
                                .shortStr("amq.direct")
                                .shortStr(queue)
                                .octet(0)
                                .emptyTable())
                .publish(1, "amq.direct", queue, utf8("one"))
                .method(
                        1,
                        MethodId.BASIC_CONSUME,
                        wire().shortUint(0)
                                .shortStr(queue)
                                .shortStr("tag")
                                .octet(2)
                                .emptyTable());
        client.expect(1, MethodId.QUEUE_DECLARE_OK);
        client.expect(1, MethodId.QUEUE_BIND_OK);
        client.expect(1, MethodId.BASIC_CONSUME_OK);
        assertThat(client.expectContent(1, MethodId.BASIC_DELIVER).body()).isEqualTo(utf8("one"));
    }
}
