package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message arrives as it was published. */
@Tag("behaviour")
class MessageFidelityTests {
    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void keepsTheExpiration() throws IOException {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().expiration("600000").build();

        assertThat(throughTheBroker(properties).getProps()).isEqualTo(properties);
    }

    @Test
    void keepsEveryProperty() throws IOException {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .contentEncoding("gzip")
                .headers(Map.of("a", 1))
                .deliveryMode(2)
                .priority(3)
                .correlationId("correlation")
                .replyTo("reply-to")
                .messageId("message")
                .timestamp(new Date(1_700_000_000_000L))
                .type("type")
                .userId(broker.factory().getUsername())
                .appId("app")
                .clusterId("cluster")
                .build();

        assertThat(throughTheBroker(properties).getProps()).isEqualTo(properties);
    }

    @Test
    void addsNothing() throws IOException {
        AMQP.BasicProperties none = new AMQP.BasicProperties();

        assertThat(throughTheBroker(none).getProps()).isEqualTo(none);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 255})
    void keepsAnyPriority(int value) throws IOException {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().priority(value).build();

        assertThat(throughTheBroker(properties).getProps().getPriority() & 0xff).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void keepsTheDeliveryMode(int value) throws IOException {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().deliveryMode(value).build();

        assertThat(throughTheBroker(properties).getProps().getDeliveryMode()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 255})
    @Tag("not-rabbitmq-3.10") // there it is 406 invalid message: {delivery_mode_unknown,0}
    void keepsUnknownDeliveryMode(int value) throws IOException {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().deliveryMode(value).build();

        assertThat(throughTheBroker(properties).getProps().getDeliveryMode() & 0xff)
                .isEqualTo(value);
    }

    @Test
    void keepsEmptyAndLongestStrings() throws IOException {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("")
                .correlationId("c".repeat(255))
                .messageId("zażółć 🐇")
                .headers(Map.of())
                .build();

        assertThat(throughTheBroker(properties).getProps()).isEqualTo(properties);
    }

    @Test
    void keepsHeadersOfEveryType() throws IOException {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put("bool", true);
        headers.put("byte", (byte) -5);
        headers.put("short", (short) -300);
        headers.put("int", Integer.MIN_VALUE);
        headers.put("long", Long.MAX_VALUE);
        headers.put("float", 1.25f);
        headers.put("double", -2.5e300);
        headers.put("decimal", new BigDecimal("12.34"));
        headers.put("string", LongStringHelper.asLongString("zażółć"));
        headers.put("empty", LongStringHelper.asLongString(""));
        headers.put("timestamp", new Date(1_700_000_000_000L));
        headers.put("table", Map.of("inner", Map.of("deep", 1L)));
        headers.put("array", List.of(1, 2L, true, LongStringHelper.asLongString("x"), List.of(), Map.of()));
        headers.put("void", null);
        headers.put("", 1);
        headers.put("k".repeat(128), 1);

        GetResponse got = throughTheBroker(
                new AMQP.BasicProperties.Builder().headers(headers).build());

        assertThat(got.getProps().getHeaders()).containsExactlyInAnyOrderEntriesOf(new HashMap<>(headers));
    }

    @Test
    void keepsBinaryHeader() throws IOException {
        byte[] binary = {0, 1, -1, 127, -128};

        GetResponse got = throughTheBroker(new AMQP.BasicProperties.Builder()
                .headers(Map.of("binary", binary))
                .build());

        assertThat(got.getProps().getHeaders().get("binary")).isEqualTo(binary);
    }

    @Test
    void keepsTheOtherHeadersWhenBccIsRemoved() throws IOException {
        Map<String, Object> headers = Map.of("byte", (byte) 1, "long", 2L, "float", 1.5f, "BCC", List.of());

        GetResponse got = throughTheBroker(
                new AMQP.BasicProperties.Builder().headers(headers).appId("app").build());

        assertThat(got.getProps().getHeaders()).isEqualTo(Map.of("byte", (byte) 1, "long", 2L, "float", 1.5f));
        assertThat(got.getProps().getAppId()).isEqualTo("app");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1_000, 65_535, 131_063, 131_064, 131_065, 262_128, 1_000_000, 10_000_000})
    void keepsBodiesOfAnySize(int size) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        Deliveries deliveries = Deliveries.noAck(channel, queue);

        channel.basicPublish("", queue, null, body);

        Delivery delivery = deliveries.next();
        assertThat(Arrays.equals(delivery.getBody(), body)).as("same bytes").isTrue();
    }

    @Test
    void keepsBodiesWhenFramesAreSmall() throws IOException {
        Channel channel =
                broker.connect(factory -> factory.setRequestedFrameMax(8_192)).createChannel();
        String queue = broker.queue(channel);
        byte[] body = new byte[100_000];
        new Random(1).nextBytes(body);

        channel.basicPublish("", queue, null, body);

        assertThat(Arrays.equals(channel.basicGet(queue, true).getBody(), body))
                .as("same bytes to small frames")
                .isTrue();
    }

    @Test
    void messagesPassBetweenConnectionsOfDifferentFrameSizes() throws IOException {
        Channel small =
                broker.connect(factory -> factory.setRequestedFrameMax(8_192)).createChannel();
        Channel large = broker.channel();
        String queue = broker.queue(large);
        byte[] body = new byte[300_000];
        new Random(2).nextBytes(body);

        large.basicPublish("", queue, null, body);
        TestBroker.awaitReady(small, queue, 1);
        assertThat(Arrays.equals(small.basicGet(queue, true).getBody(), body)).isTrue();
        small.basicPublish("", queue, null, body);
        TestBroker.awaitReady(large, queue, 1);
        assertThat(Arrays.equals(large.basicGet(queue, true).getBody(), body)).isTrue();
    }

    @Test
    void keepsExchangeAndRoutingKey() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String queue = broker.queueBoundTo(channel, exchange, "");
        String key = "zażółć " + "k".repeat(200);

        channel.basicPublish(exchange, key, null, bytes("a"));

        assertThat(channel.basicGet(queue, true).getEnvelope().getRoutingKey()).isEqualTo(key);
    }

    @Test
    void everyQueueGetsTheSameMessage() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        List<String> queues = List.of(
                broker.queueBoundTo(channel, exchange, ""),
                broker.queueBoundTo(channel, exchange, ""),
                broker.queueBoundTo(channel, exchange, ""));
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().headers(Map.of("a", 1)).build();
        byte[] body = new byte[150_000];
        new Random(3).nextBytes(body);

        channel.basicPublish(exchange, "", properties, body);

        assertThat(queues).allSatisfy(queue -> {
            GetResponse got = channel.basicGet(queue, true);
            assertThat(got.getProps()).isEqualTo(properties);
            assertThat(Arrays.equals(got.getBody(), body)).isTrue();
        });
    }

    private GetResponse throughTheBroker(AMQP.BasicProperties properties) throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        channel.basicPublish("", queue, properties, bytes("a"));
        return channel.basicGet(queue, true);
    }
}
