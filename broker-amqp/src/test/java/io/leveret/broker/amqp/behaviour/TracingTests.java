package io.leveret.broker.amqp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.AMQConnection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The firehose: copies of all that is published and delivered. */
@Tag("behaviour")
class TracingTests {
    private static final String FIREHOSE = "amq.rabbitmq.trace";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    @Test
    void publishIsCopiedWithWhereItWent() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String one = broker.queueBoundTo(channel, exchange, "");
        String two = broker.queueBoundTo(channel, exchange, "");
        Deliveries copies = copies("publish." + exchange);
        broker.trace();

        channel.basicPublish(exchange, "key", properties(), TestBroker.bytes("body"));

        Delivery copy = copies.next();
        assertThat(copy.getEnvelope().getExchange()).isEqualTo(FIREHOSE);
        assertThat(copy.getEnvelope().getRoutingKey()).isEqualTo("publish." + exchange);
        assertThat(TestBroker.text(copy.getBody())).isEqualTo("body");
        Map<String, Object> headers = copy.getProperties().getHeaders();
        assertThat(headers)
                .containsOnlyKeys(
                        "exchange_name",
                        "routing_keys",
                        "properties",
                        "node",
                        "vhost",
                        "connection",
                        "channel",
                        "user",
                        "routed_queues");
        assertThat(text(headers, "exchange_name")).isEqualTo(exchange);
        assertThat(texts(headers, "routing_keys")).containsExactly("key");
        assertThat(text(headers, "node")).isNotEmpty();
        assertThat(text(headers, "vhost")).isEqualTo("/");
        assertThat(text(headers, "connection")).isEqualTo(connectionName(channel));
        assertThat(headers).containsEntry("channel", channel.getChannelNumber());
        assertThat(text(headers, "user")).isEqualTo("guest");
        assertThat(texts(headers, "routed_queues")).containsExactlyInAnyOrder(one, two);
        assertThat(copy.getProperties().getContentType()).isNull();
        assertThat(copy.getProperties().getDeliveryMode()).isNull();
    }

    @Test
    void propertiesAreATableOfTextsAndNumbers() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        Deliveries copies = copies("publish." + exchange);
        broker.trace();

        channel.basicPublish(exchange, "key", properties(), TestBroker.bytes("body"));

        Map<String, Object> headers = copies.next().getProperties().getHeaders();
        assertThat(texts(headers, "routed_queues")).isEmpty();
        Map<?, ?> properties = (Map<?, ?>) headers.get("properties");
        assertThat(properties.keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrder("content_type", "headers", "delivery_mode", "priority", "message_id");
        assertThat(properties.get("content_type")).hasToString("text/plain");
        assertThat(properties.get("message_id")).hasToString("id");
        assertThat(properties.get("delivery_mode")).isEqualTo(2);
        assertThat(properties.get("priority")).isEqualTo(5);
        assertThat(((Map<?, ?>) properties.get("headers")).get("h")).isEqualTo(7);
    }

    @Test
    void deliveryIsCopied() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries copies = copies("deliver." + queue);
        broker.trace();
        Channel consuming = broker.channelOnNewConnection();
        Deliveries deliveries = Deliveries.of(consuming, queue);

        TestBroker.publish(channel, queue, "a");
        consuming.basicReject(deliveries.nextTag(), true);

        Delivery first = copies.next();
        assertThat(TestBroker.text(first.getBody())).isEqualTo("a");
        Map<String, Object> headers = first.getProperties().getHeaders();
        assertThat(headers)
                .containsOnlyKeys(
                        "exchange_name",
                        "routing_keys",
                        "properties",
                        "node",
                        "redelivered",
                        "vhost",
                        "connection",
                        "channel",
                        "user");
        assertThat(text(headers, "exchange_name")).isEmpty();
        assertThat(texts(headers, "routing_keys")).containsExactly(queue);
        assertThat(text(headers, "connection")).isEqualTo(connectionName(consuming));
        assertThat(headers).containsEntry("redelivered", 0);
        assertThat(copies.next().getProperties().getHeaders()).containsEntry("redelivered", 1);
    }

    @Test
    void getIsCopiedAsADelivery() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries copies = copies("deliver." + queue);
        broker.trace();
        TestBroker.publish(channel, queue, "a");
        TestBroker.awaitReady(channel, queue, 1);

        GetResponse got = channel.basicGet(queue, true);

        assertThat(TestBroker.text(got.getBody())).isEqualTo("a");
        Delivery copy = copies.next();
        assertThat(TestBroker.text(copy.getBody())).isEqualTo("a");
        assertThat(copy.getProperties().getHeaders()).containsEntry("redelivered", 0);
    }

    @Test
    void copiesToTheDefaultExchangeHaveAKeyThatEndsInADot() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.queue(channel);
        Deliveries copies = copies("publish.");
        broker.trace();

        TestBroker.publish(channel, queue, "a");

        assertThat(texts(copies.next().getProperties().getHeaders(), "routed_queues"))
                .containsExactly(queue);
    }

    @Test
    void routingKeysIncludeCcAndBcc() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String queue = broker.queueBoundTo(channel, exchange, "bcc");
        Deliveries published = copies("publish." + exchange);
        Deliveries delivered = copies("deliver." + queue);
        Deliveries.noAck(channel, queue);
        broker.trace();

        channel.basicPublish(
                exchange,
                "key",
                new AMQP.BasicProperties.Builder()
                        .headers(Map.of("CC", List.of("cc"), "BCC", List.of("bcc")))
                        .build(),
                TestBroker.bytes("a"));

        for (Deliveries copies : List.of(published, delivered)) {
            Map<String, Object> headers = copies.next().getProperties().getHeaders();
            assertThat(texts(headers, "routing_keys")).containsExactly("key", "cc", "bcc");
            Map<?, ?> properties = (Map<?, ?>) headers.get("properties");
            assertThat(((Map<?, ?>) properties.get("headers")).keySet().toString())
                    .isEqualTo("[CC]");
        }
    }

    @Test
    void copiesAreNotCopied() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        String firehose = broker.queue(channel);
        channel.queueBind(firehose, FIREHOSE, "publish." + exchange);
        Deliveries copiesOfCopies = copies("deliver." + firehose);
        Deliveries copies = Deliveries.noAck(channel, firehose);
        broker.trace();

        channel.basicPublish(exchange, "", null, TestBroker.bytes("a"));

        assertThat(copies.nextBody()).isEqualTo("a");
        copiesOfCopies.assertNoMore();
    }

    @Test
    void isOffUnlessTurnedOn() throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "fanout");
        Deliveries copies = copies("publish." + exchange);
        channel.basicPublish(exchange, "", null, TestBroker.bytes("before"));
        channel.basicQos(1);
        broker.trace();
        channel.basicPublish(exchange, "", null, TestBroker.bytes("traced"));
        assertThat(copies.nextBody()).isEqualTo("traced");

        broker.traceNoMore();
        channel.basicPublish(exchange, "", null, TestBroker.bytes("after"));
        channel.basicQos(1);

        copies.assertNoMore();
    }

    private Deliveries copies(String key) throws IOException {
        Channel channel = broker.channelOnNewConnection();
        String queue = broker.queue(channel);
        channel.queueBind(queue, FIREHOSE, key);
        Deliveries copies = Deliveries.noAck(channel, queue);
        copies.tag();
        return copies;
    }

    private static AMQP.BasicProperties properties() {
        return new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .headers(Map.of("h", 7))
                .deliveryMode(2)
                .priority(5)
                .messageId("id")
                .build();
    }

    private static String connectionName(Channel channel) {
        AMQConnection socket = (AMQConnection) channel.getConnection();
        return "127.0.0.1:" + socket.getLocalPort() + " -> 127.0.0.1:" + socket.getPort();
    }

    private static String text(Map<String, Object> headers, String name) {
        return headers.get(name).toString();
    }

    private static List<String> texts(Map<String, Object> headers, String name) {
        return ((List<?>) headers.get(name))
                .stream().map(each -> ((LongString) each).toString()).toList();
    }
}
