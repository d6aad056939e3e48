package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class AlternateExchangeTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void takesWhatTheExchangeCouldNotRoute() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        String routed = broker.queueBoundTo(channel, exchange, "key");
        String unrouted = broker.queueBoundTo(channel, alternate, "");

        channel.basicPublish(exchange, "key", null, TestBroker.bytes("routed"));
        channel.basicPublish(exchange, "other", null, TestBroker.bytes("unrouted"));

        assertThat(TestBroker.drain(channel, routed)).containsExactly("routed");
        var got = channel.basicGet(unrouted, true);
        assertThat(got.getBody()).isEqualTo(TestBroker.bytes("unrouted"));
        assertThat(got.getEnvelope().getExchange()).isEqualTo(exchange);
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("other");
        assertThat(TestBroker.drain(channel, unrouted)).isEmpty();
    }

    @Test
    void chainsUntilSomeExchangeRoutes() throws IOException {
        Channel channel = broker.channel();
        String last = broker.exchange(channel, "fanout");
        String middle = broker.exchange(channel, "direct", Map.of("alternate-exchange", last));
        String first = broker.exchange(channel, "direct", Map.of("alternate-exchange", middle));
        String atMiddle = broker.queueBoundTo(channel, middle, "middle");
        String atLast = broker.queueBoundTo(channel, last, "");

        channel.basicPublish(first, "middle", null, TestBroker.bytes("for the middle"));
        channel.basicPublish(first, "none", null, TestBroker.bytes("for the last"));

        assertThat(TestBroker.drain(channel, atMiddle)).containsExactly("for the middle");
        assertThat(TestBroker.drain(channel, atLast)).containsExactly("for the last");
    }

    @Test
    void cycleEndsAsUnroutable() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String one = broker.name();
        String two = broker.exchange(channel, "direct", Map.of("alternate-exchange", one));
        channel.exchangeDeclare(one, "direct", false, false, Map.of("alternate-exchange", two));

        assertThat(isReturned(channel, one, "key")).isTrue();
    }

    @Test
    void mayBeTheExchangeItself() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = broker.name();
        channel.exchangeDeclare(exchange, "direct", false, false, Map.of("alternate-exchange", exchange));

        assertThat(isReturned(channel, exchange, "key")).isTrue();
    }

    @Test
    void missingOneLeavesTheMessageUnroutable() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", broker.name()));

        assertThat(isReturned(channel, exchange, "key")).isTrue();
    }

    @Test
    void mayBeDeclaredLater() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.name();
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        channel.exchangeDeclare(alternate, "fanout");
        String queue = broker.queueBoundTo(channel, alternate, "");

        channel.basicPublish(exchange, "key", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void routingThroughItCountsAsRouted() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        assertThat(isReturned(channel, exchange, "key")).isTrue();

        broker.queueBoundTo(channel, alternate, "");

        assertThat(isReturned(channel, exchange, "key")).isFalse();
    }

    @Test
    void mayBeInternal() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.name();
        channel.exchangeDeclare(alternate, "fanout", false, false, true, null);
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        String queue = broker.queueBoundTo(channel, alternate, "");

        channel.basicPublish(exchange, "key", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("a");
    }

    @Test
    void isUsedOnlyWhenNoneOfTheKeysMatched() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String exchange = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        String routed = broker.queueBoundTo(channel, exchange, "copy");
        String unrouted = broker.queueBoundTo(channel, alternate, "");
        var copied = new AMQP.BasicProperties.Builder()
                .headers(Map.of("CC", List.of("copy")))
                .build();

        channel.basicPublish(exchange, "nobody", copied, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, routed)).containsExactly("a");
        assertThat(TestBroker.drain(channel, unrouted)).isEmpty();
    }

    @Test
    void appliesAtEachHopBetweenExchanges() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String hop = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        String exchange = broker.exchange(channel, "fanout");
        channel.exchangeBind(hop, exchange, "");
        String other = broker.queueBoundTo(channel, exchange, "");
        String unrouted = broker.queueBoundTo(channel, alternate, "");

        channel.basicPublish(exchange, "key", null, TestBroker.bytes("a"));

        assertThat(TestBroker.drain(channel, other)).containsExactly("a");
        assertThat(TestBroker.drain(channel, unrouted)).containsExactly("a");
    }

    @Test
    void isNotUsedByAnExchangeThatMatchedOnlyAnExchange() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String unrouted = broker.queueBoundTo(channel, alternate, "");
        String exchange = broker.exchange(channel, "fanout", Map.of("alternate-exchange", alternate));
        channel.exchangeBind(broker.exchange(channel, "fanout"), exchange, "");

        assertThat(isReturned(channel, exchange, "key")).isTrue();
        assertThat(TestBroker.drain(channel, unrouted)).isEmpty();
    }

    private static boolean isReturned(Channel channel, String exchange, String key)
            throws IOException, InterruptedException {
        var outcomes = new LinkedBlockingQueue<Boolean>();
        channel.clearReturnListeners();
        channel.clearConfirmListeners();
        channel.addReturnListener(message -> outcomes.add(true));
        channel.addConfirmListener((tag, multiple) -> outcomes.add(false), (tag, multiple) -> outcomes.add(false));
        channel.confirmSelect();
        channel.basicPublish(exchange, key, true, null, TestBroker.bytes("mandatory"));
        return Boolean.TRUE.equals(outcomes.poll(60, TimeUnit.SECONDS));
    }
}
