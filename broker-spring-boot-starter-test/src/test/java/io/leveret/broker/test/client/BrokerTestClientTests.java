package io.leveret.broker.test.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.test.junit.BrokerExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("behaviour")
class BrokerTestClientTests {
    @RegisterExtension
    static final BrokerExtension BROKER =
            BrokerExtension.builder().properties("broker.virtual-hosts=/,other").build();

    private final BrokerTestClient client = BROKER.client();
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        connection = BROKER.connectionFactory().newConnection();
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    /** Exclusive queues go with their connection, before the next test. */
    @AfterEach
    void close() throws Exception {
        connection.close();
        await().until(() -> client.broker().virtualHost("/").queueCount() == 0);
    }

    @Test
    void looksAtMessagesWithoutTouchingThem() throws Exception {
        declare("q", Map.of());
        declare("dead", Map.of());
        declare("q2", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
        publish("q", "a", "b", "c");
        GetResponse a = channel.basicGet("q", false);
        GetResponse b = channel.basicGet("q", false);
        channel.basicReject(b.getEnvelope().getDeliveryTag(), true);
        channel.basicReject(a.getEnvelope().getDeliveryTag(), true);
        publish("q2", "died");
        channel.basicReject(channel.basicGet("q2", false).getEnvelope().getDeliveryTag(), false);
        client.queue("q").awaitReady(3);
        client.queue("dead").awaitReady(1);

        for (int look = 0; look < 3; look++) {
            assertThat(client.messages("q"))
                    .extracting(PeekedMessage::text, PeekedMessage::redelivered)
                    .containsExactly(tuple("a", true), tuple("b", true), tuple("c", false));
            assertThat(client.messages("dead")).hasSize(1);
        }

        assertThat(client.queue("q").counts().ready()).isEqualTo(3);
        List<String> delivered = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            GetResponse got = channel.basicGet("q", true);
            delivered.add(text(got.getBody()) + got.getEnvelope().isRedeliver());
        }
        assertThat(delivered).containsExactly("atrue", "btrue", "cfalse");
        GetResponse dead = channel.basicGet("dead", true);
        assertThat(dead.getEnvelope().isRedeliver()).isFalse();
        Object deaths = dead.getProps().getHeaders().get("x-death");
        assertThat((List<?>) deaths)
                .singleElement()
                .satisfies(death -> assertThat(((Map<?, ?>) death).get("count")).isEqualTo(1L));
    }

    @Test
    void showsAllThereIsToAMessage() throws Exception {
        declare("q", Map.of());
        channel.exchangeDeclare("events", "topic", false, true, null);
        channel.queueBind("q", "events", "a.#");
        Map<String, Object> headers =
                new HashMap<>(Map.of("text", "t", "number", 7, "flag", true, "list", List.of("x", 1L)));
        headers.put("nothing", null);
        channel.basicPublish(
                "events",
                "a.b",
                new AMQP.BasicProperties.Builder()
                        .contentType("text/plain")
                        .correlationId("id")
                        .headers(headers)
                        .build(),
                "ä".getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(60_000);

        PeekedMessage message = client.messages("q").get(0);
        assertThat(message.text()).isEqualTo("ä");
        assertThat(message.queue()).isEqualTo("q");
        assertThat(message.exchange()).isEqualTo("events");
        assertThat(message.routingKey()).isEqualTo("a.b");
        assertThat(message.isDeadLetter()).isFalse();
        BasicProperties properties = message.properties();
        assertThat(properties.contentType()).isEqualTo("text/plain");
        assertThat(properties.correlationId()).isEqualTo("id");
        assertThat(message.headers())
                .isEqualTo(Map.of("text", "t", "number", 7L, "flag", true, "list", List.of("x", 1L)));
        assertThat(message).hasToString("'ä' in 'q', published to 'events' with 'a.b', headers " + message.headers());
    }

    @Test
    void findsDeadLettersWhereverTheyAreAndNothingElse() throws Exception {
        declare("parking", Map.of());
        declare(
                "full",
                Map.of("x-max-length", 1, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "parking"));
        declare("retry", Map.of("x-message-ttl", 1, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "full"));
        publish("retry", "first");
        client.queue("full").awaitReady(1);
        publish("full", "second");
        client.queue("parking").awaitReady(1);
        channel.basicPublish(
                "",
                "parking",
                new AMQP.BasicProperties.Builder()
                        .headers(Map.of("x-death", "forged"))
                        .build(),
                new byte[0]);
        channel.waitForConfirmsOrDie(60_000);

        assertThat(client.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.message().text()).isEqualTo("first");
            assertThat(letter.message().queue()).isEqualTo("parking");
            assertThat(letter.firstQueue()).isEqualTo("retry");
            assertThat(letter.firstReason()).isEqualTo("expired");
            assertThat(letter.firstExchange()).isEmpty();
            assertThat(letter.lastQueue()).isEqualTo("full");
            assertThat(letter.lastReason()).isEqualTo("maxlen");
            assertThat(letter.deaths())
                    .extracting(DeadLetter.Death::queue, DeadLetter.Death::reason, DeadLetter.Death::count)
                    .containsExactly(tuple("full", "maxlen", 1L), tuple("retry", "expired", 1L));
            assertThat(letter.deaths().get(1).routingKeys()).containsExactly("retry");
        });
    }

    @Test
    void waitsForWhatIsWanted() throws Exception {
        declare("q", Map.of());
        BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
        publish("q", "a", "b", "c");
        assertThat(client.queue("q").awaitReady(3).ready()).isEqualTo(3);
        Channel consuming = connection.createChannel();
        consuming.basicQos(2);
        consuming.basicConsume("q", false, (tag, delivery) -> got.add(delivery), tag -> {});
        assertThat(client.queue("q").awaitUnacked(2).ready()).isOne();
        client.queue("q").awaitConsumers(1);
        for (int i = 0; i < 3; i++) {
            consuming.basicAck(got.poll(60, TimeUnit.SECONDS).getEnvelope().getDeliveryTag(), false);
        }
        assertThat(client.queue("q").awaitEmpty().consumers()).isOne();
    }

    @Test
    void waitsForAQueueThatIsNotThereYet() throws Exception {
        Thread later = new Thread(() -> {
            try {
                declare("later", Map.of());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        later.start();
        client.queue("later").awaitEmpty();
        later.join();
        assertThat(client.queue("later").exists()).isTrue();
    }

    @Test
    void saysWhatWasThereInsteadOfWhatWasExpected() throws Exception {
        declare("q", Map.of());
        declare("another", Map.of());
        publish("q", "a");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> client.within(Duration.ofMillis(20)).queue("q").awaitReady(2))
                .withMessage(
                        "expected queue 'q' to have ready 2, but it had ready 1, unacked 0, consumers 0, after 20 ms");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.queue("q").within(Duration.ZERO).awaitEmpty())
                .withMessage("expected queue 'q' to have ready 0, unacked 0,"
                        + " but it had ready 1, unacked 0, consumers 0, after 0 ms");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> client.queue("none").within(Duration.ofMillis(1)).awaitReady(1))
                .withMessage("expected queue 'none' to have ready 1,"
                        + " but there was no queue 'none' in vhost '/' but 'another', 'q', after 1 ms");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.messages("none"))
                .withMessage("there was no queue 'none' in vhost '/' but 'another', 'q'");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.inVirtualHost("nowhere").queue("q").exists())
                .withMessage("there is no virtual host 'nowhere' but '/', 'other'");
        assertThatIllegalArgumentException().isThrownBy(() -> client.within(Duration.ofMillis(-1)));
    }

    @Test
    void purgesEverythingInAllVirtualHosts() throws Exception {
        declare("q", Map.of());
        declare("held", Map.of());
        channel.exchangeDeclare("delayed", "x-delayed-message", false, true, Map.of("x-delayed-type", "fanout"));
        channel.queueBind("held", "delayed", "");
        channel.exchangeDeclare("recent", "x-recent-history", false, true, null);
        channel.queueBind("q", "recent", "");
        publish("q", "unacked", "ready");
        channel.basicPublish("recent", "", null, "kept".getBytes(StandardCharsets.UTF_8));
        channel.basicPublish(
                "delayed",
                "",
                new AMQP.BasicProperties.Builder()
                        .headers(Map.of("x-delay", 100))
                        .build(),
                "late".getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(60_000);
        long tag = channel.basicGet("q", false).getEnvelope().getDeliveryTag();
        var factory = BROKER.connectionFactory();
        factory.setVirtualHost("other");
        try (Connection elsewhere = factory.newConnection();
                Channel there = elsewhere.createChannel()) {
            there.queueDeclare("q", false, true, false, null);
            there.basicPublish("", "q", null, new byte[0]);
            client.inVirtualHost("other").queue("q").awaitReady(1);

            assertThat(client.purgeAll()).isEqualTo(3);

            client.inVirtualHost("other").queue("q").awaitEmpty();
        }
        assertThat(client.queue("q").counts())
                .extracting(counts -> counts.ready(), counts -> counts.unacked())
                .containsExactly(0, 1);
        channel.basicReject(tag, true);
        client.queue("q").awaitReady(1);
        declare("late", Map.of());
        channel.queueBind("late", "recent", "");
        channel.queueBind("late", "delayed", "");
        channel.basicPublish(
                "delayed",
                "",
                new AMQP.BasicProperties.Builder()
                        .headers(Map.of("x-delay", 200))
                        .build(),
                "after".getBytes(StandardCharsets.UTF_8));
        client.queue("late").awaitReady(1);
        assertThat(client.messages("late")).extracting(PeekedMessage::text).containsExactly("after");
        assertThat(client.messages("held")).extracting(PeekedMessage::text).containsExactly("after");
    }

    @Test
    void aResetTurnsTheFirehoseOff() {
        client.broker().virtualHost("/").setTraced(true);
        client.reset();
        assertThat(client.broker().virtualHost("/").isTraced()).isFalse();
    }

    @Test
    void purgesOneQueue() throws Exception {
        declare("q", Map.of());
        declare("other", Map.of());
        publish("q", "a", "b");
        publish("other", "c");
        assertThat(client.queue("q").purge()).isEqualTo(2);
        assertThat(client.queue("q").counts().ready()).isZero();
        assertThat(client.queue("other").counts().ready()).isOne();
    }

    private void declare(String queue, Map<String, Object> arguments) throws IOException {
        channel.queueDeclare(queue, false, true, false, arguments);
    }

    private void publish(String queue, String... texts) throws Exception {
        for (String text : texts) {
            channel.basicPublish("", queue, null, text.getBytes(StandardCharsets.UTF_8));
        }
        channel.waitForConfirmsOrDie(60_000);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
