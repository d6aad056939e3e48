package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The community's plugin, which Debian does not have. */
@Tag("behaviour")
@Tag("not-rabbitmq-3.10") // plugin
class DelayedExchangeTests {
    private static final String TYPE = "x-delayed-message";
    private static final String INVALID =
            "PRECONDITION_FAILED - Invalid argument, 'x-delayed-type' must be an existing exchange type";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    private String delayed(Channel channel, String type) throws IOException {
        return broker.exchange(channel, TYPE, Map.of("x-delayed-type", type));
    }

    private static AMQP.BasicProperties delay(Object millis) {
        return new AMQP.BasicProperties.Builder()
                .headers(Map.of("x-delay", millis))
                .build();
    }

    @Test
    void deliversWhenTheTimeHasCome() throws IOException {
        Channel channel = broker.channel();
        String exchange = delayed(channel, "direct");
        String queue = broker.queueBoundTo(channel, exchange, "k");
        long start = System.nanoTime();
        channel.basicPublish(exchange, "k", delay(300), TestBroker.bytes("later"));
        channel.basicPublish(exchange, "k", null, TestBroker.bytes("now"));

        assertThat(TestBroker.drain(channel, queue)).containsExactly("now");
        TestBroker.awaitReady(channel, queue, 1);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(299);
        GetResponse got = channel.basicGet(queue, true);
        assertThat(got.getBody()).isEqualTo(TestBroker.bytes("later"));
        assertThat(got.getProps().getHeaders()).isEqualTo(Map.of("x-delay", -300));
        assertThat(got.getEnvelope().getExchange()).isEqualTo(exchange);
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("k");
    }

    @Test
    void deliversInTheOrderOfTimes() throws IOException {
        Channel channel = broker.channel();
        String exchange = delayed(channel, "fanout");
        String queue = broker.queueBoundTo(channel, exchange, "");
        channel.basicPublish(exchange, "", delay(400), TestBroker.bytes("last"));
        for (int i = 0; i < 50; i++) {
            channel.basicPublish(exchange, "", delay(200), TestBroker.bytes("m" + i));
        }
        channel.basicPublish(exchange, "", delay("1"), TestBroker.bytes("first"));
        TestBroker.awaitReady(channel, queue, 52);

        List<String> bodies = TestBroker.drain(channel, queue);
        assertThat(bodies).startsWith("first").endsWith("last");
        for (int i = 0; i < 50; i++) {
            assertThat(bodies.get(i + 1)).isEqualTo("m" + i);
        }
    }

    @Test
    void routesByTheBindingsThereAreAtThatTime() throws IOException {
        Channel channel = broker.channel();
        String exchange = delayed(channel, "topic");
        String before = broker.queueBoundTo(channel, exchange, "a.*");
        channel.basicPublish(exchange, "a.b", delay(200), TestBroker.bytes("m"));
        channel.queueUnbind(before, exchange, "a.*");
        String after = broker.queueBoundTo(channel, exchange, "#.b");
        TestBroker.awaitReady(channel, after, 1);
        assertThat(TestBroker.drain(channel, before)).isEmpty();
    }

    @Test
    void isUnroutableAndConfirmedWhenPublished() throws IOException, InterruptedException {
        Channel channel = broker.channel();
        String exchange = delayed(channel, "direct");
        String queue = broker.queueBoundTo(channel, exchange, "k");
        LinkedBlockingQueue<Integer> returned = new LinkedBlockingQueue<>();
        channel.addReturnListener(returnMessage -> {
            assertThat(returnMessage.getProperties().getHeaders()).isEqualTo(Map.of("x-delay", 50));
            returned.add(returnMessage.getReplyCode());
        });
        channel.confirmSelect();
        channel.basicPublish(exchange, "k", true, delay(50), TestBroker.bytes("m"));
        assertThat(channel.waitForConfirms()).isTrue();
        assertThat(returned.poll(60, TimeUnit.SECONDS)).isEqualTo(312);
        TestBroker.awaitReady(channel, queue, 1);
    }

    @Test
    void delaysWhatComesThroughAnotherExchange() throws IOException {
        Channel channel = broker.channel();
        String exchange = delayed(channel, "direct");
        String front = broker.exchange(channel, "fanout");
        channel.exchangeBind(exchange, front, "");
        String queue = broker.queueBoundTo(channel, exchange, "k");
        String direct = broker.queueBoundTo(channel, front, "");
        channel.basicPublish(front, "k", delay(200), TestBroker.bytes("m"));

        assertThat(TestBroker.drain(channel, direct)).containsExactly("m");
        assertThat(TestBroker.drain(channel, queue)).isEmpty();
        TestBroker.awaitReady(channel, queue, 1);
        assertThat(channel.basicGet(queue, true).getEnvelope().getExchange()).isEqualTo(front);
    }

    @Test
    void keepsCopyKeysForTheTime() throws IOException {
        Channel channel = broker.channel();
        String exchange = delayed(channel, "direct");
        String own = broker.queueBoundTo(channel, exchange, "own");
        String cc = broker.queueBoundTo(channel, exchange, "cc");
        String bcc = broker.queueBoundTo(channel, exchange, "bcc");
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .headers(Map.of("x-delay", 50, "CC", List.of("cc"), "BCC", List.of("bcc")))
                .build();
        channel.basicPublish(exchange, "own", properties, TestBroker.bytes("m"));
        for (String queue : List.of(own, cc, bcc)) {
            TestBroker.awaitReady(channel, queue, 1);
            assertThat(channel.basicGet(queue, true).getProps().getHeaders()).containsOnlyKeys("x-delay", "CC");
        }
    }

    @Test
    void asksItsAlternateExchangeWhenTheTimeHasCome() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String lost = broker.queueBoundTo(channel, alternate, "");
        String exchange =
                broker.exchange(channel, TYPE, Map.of("x-delayed-type", "direct", "alternate-exchange", alternate));
        String queue = broker.queueBoundTo(channel, exchange, "k");
        channel.basicPublish(exchange, "k", delay(50), TestBroker.bytes("routed"));
        channel.basicPublish(exchange, "other", delay(100), TestBroker.bytes("unrouted"));
        TestBroker.awaitReady(channel, queue, 1);
        TestBroker.awaitReady(channel, lost, 1);
        assertThat(TestBroker.drain(channel, lost)).containsExactly("unrouted");
    }

    @Test
    void dropsWhatWaitsWithTheExchange() throws IOException {
        Channel channel = broker.channel();
        String exchange = delayed(channel, "fanout");
        String queue = broker.queueBoundTo(channel, exchange, "");
        channel.basicPublish(exchange, "", delay(150), TestBroker.bytes("dropped"));
        channel.exchangeDelete(exchange);
        channel.exchangeDeclare(exchange, TYPE, false, false, Map.of("x-delayed-type", "fanout"));
        channel.queueBind(queue, exchange, "");
        channel.basicPublish(exchange, "", delay(300), TestBroker.bytes("kept"));
        TestBroker.awaitReady(channel, queue, 1);
        assertThat(TestBroker.drain(channel, queue)).containsExactly("kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {TYPE, "nonsense"})
    void refusesATypeThatItCannotDelay(String type) throws IOException {
        Channel channel = broker.channel();
        assertThatChannelCloses(channel, () -> delayed(channel, type), 406, INVALID, 40, 10);
    }

    @Test
    void refusesToBeDeclaredWithoutAType() throws IOException {
        Channel channel = broker.channel();
        assertThatChannelCloses(channel, () -> broker.exchange(channel, TYPE), 406, INVALID, 40, 10);
        Channel another = broker.channel();
        assertThatChannelCloses(
                another, () -> broker.exchange(another, TYPE, Map.of("x-delayed-type", 1)), 406, INVALID, 40, 10);
    }
}
