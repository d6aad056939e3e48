package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * More: {@code behaviour.CcBccTests}, {@code AlternateExchangeTests}, {@code ExchangeToExchangeTests},
 * {@code MandatoryReturnTests}.
 */
@Tag("behaviour")
@DisplayName("13.8 CC and BCC, one copy a queue, BCC removal; alternate exchange chains; loops; return before ack")
class Line08RoutingTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    @DisplayName("key, CC and BCC are all routed, a queue matched by several gets one copy, BCC is removed, CC stays")
    void copies() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String byKey = broker.queueBoundTo(channel, exchange, "key");
        String byCc = broker.queueBoundTo(channel, exchange, "cc");
        String byBcc = broker.queueBoundTo(channel, exchange, "bcc");
        String byAll = broker.queueBoundTo(channel, exchange, "key");
        channel.queueBind(byAll, exchange, "cc");
        channel.queueBind(byAll, exchange, "bcc");
        Map<String, Object> headers = Map.of("CC", List.of("cc", "key"), "BCC", List.of("bcc"), "other", 1);

        channel.basicPublish(exchange, "key", properties(headers), TestBroker.bytes("a"));

        for (String queue : List.of(byKey, byCc, byBcc, byAll)) {
            var got = channel.basicGet(queue, true);
            Map<String, Object> seen = new HashMap<>(got.getProps().getHeaders());
            assertThat(seen).containsOnlyKeys("CC", "other");
            assertThat(seen.get("CC").toString()).isEqualTo("[cc, key]");
            assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("key");
            assertThat(channel.basicGet(queue, true)).as("a second copy").isNull();
        }
    }

    @Test
    @DisplayName("alternate exchanges form a chain, each asked only if the one before had nothing, up to a missing one")
    void alternateExchanges() throws IOException {
        Channel channel = broker.channel();
        String missing = broker.name();
        String third = broker.exchange(channel, "direct", Map.of("alternate-exchange", missing));
        String second = broker.exchange(channel, "direct", Map.of("alternate-exchange", third));
        String first = broker.exchange(channel, "direct", Map.of("alternate-exchange", second));
        String firstQueue = broker.queueBoundTo(channel, first, "1");
        String secondQueue = broker.queueBoundTo(channel, second, "2");
        String thirdQueue = broker.queueBoundTo(channel, third, "3");
        channel.queueBind(thirdQueue, third, "1");

        for (String key : List.of("1", "2", "3", "4")) {
            channel.basicPublish(first, key, null, TestBroker.bytes(key));
        }

        assertThat(TestBroker.drain(channel, firstQueue)).containsExactly("1");
        assertThat(TestBroker.drain(channel, secondQueue)).containsExactly("2");
        assertThat(TestBroker.drain(channel, thirdQueue)).containsExactly("3");
    }

    @Test
    @DisplayName("a cycle of alternate exchanges ends, a cycle of bindings is visited once")
    void cycles() throws IOException {
        Channel channel = broker.channel();
        String back = broker.name();
        String there = broker.exchange(channel, "direct", Map.of("alternate-exchange", back));
        channel.exchangeDeclare(back, "direct", false, false, Map.of("alternate-exchange", there));
        channel.basicPublish(there, "nobody", null, TestBroker.bytes("lost"));

        String one = broker.exchange(channel, "fanout");
        String two = broker.exchange(channel, "fanout");
        channel.exchangeBind(two, one, "");
        channel.exchangeBind(one, two, "");
        channel.exchangeBind(one, one, "");
        String queue = broker.queueBoundTo(channel, one, "");
        channel.queueBind(queue, two, "");
        channel.basicPublish(one, "key", null, TestBroker.bytes("once"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("once");
    }

    @Test
    @DisplayName("a mandatory message is returned before it is acked, and acked when it was routed by way of another")
    void returnPrecedesAck() throws Exception {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        broker.queueBoundTo(channel, alternate, "");
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        channel.addReturnListener(message -> events.add("return " + TestBroker.text(message.getBody())));
        channel.addConfirmListener(
                (tag, multiple) -> events.add("ack " + tag), (tag, multiple) -> events.add("nack " + tag));
        channel.confirmSelect();

        channel.basicPublish("amq.direct", broker.name(), true, null, TestBroker.bytes("a"));
        channel.waitForConfirmsOrDie(60_000);
        channel.basicPublish(exchange, "key", true, null, TestBroker.bytes("b"));
        channel.waitForConfirmsOrDie(60_000);

        assertThat(List.of(next(events), next(events), next(events))).containsExactly("return a", "ack 1", "ack 2");
    }

    private static String next(BlockingQueue<String> events) throws InterruptedException {
        String event = events.poll(60, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    private static AMQP.BasicProperties properties(Map<String, Object> headers) {
        return new AMQP.BasicProperties.Builder().headers(headers).build();
    }
}
