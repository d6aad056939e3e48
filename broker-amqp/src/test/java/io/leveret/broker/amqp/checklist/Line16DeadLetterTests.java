package io.leveret.broker.amqp.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.leveret.broker.amqp.behaviour.Confirms;
import io.leveret.broker.amqp.behaviour.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fourth reason, {@code delivery_limit}, belongs to quorum queues. More: {@code behaviour.DeadLetterTests}. */
@Tag("behaviour")
@DisplayName("13.16 Dead-lettering")
class Line16DeadLetterTests {
    private static final String DLX = "x-dead-letter-exchange";
    private static final String DLRK = "x-dead-letter-routing-key";

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** A way to die in a queue. */
    enum Death {
        REJECT("rejected", Map.of()) {
            @Override
            void of(Channel channel, String queue) throws IOException {
                channel.basicReject(take(channel, queue), false);
            }
        },
        NACK("rejected", Map.of()) {
            @Override
            void of(Channel channel, String queue) throws IOException {
                channel.basicNack(take(channel, queue), false, false);
            }
        },
        EXPIRE("expired", Map.of("x-message-ttl", 1)),
        DROP_HEAD("maxlen", Map.of("x-max-length", 0)),
        REJECT_PUBLISH_DLX("maxlen", Map.of("x-max-length", 0, "x-overflow", "reject-publish-dlx"));

        final String reason;
        final Map<String, Object> arguments;

        Death(String reason, Map<String, Object> arguments) {
            this.reason = reason;
            this.arguments = arguments;
        }

        /** What has to be done beyond publishing. */
        void of(Channel channel, String queue) throws IOException {}
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("each reason, all fields of x-death, key and headers; expiration is removed, other properties stay;")
    void everyReason(Death death) throws IOException {
        Channel channel = broker.channel();
        String exchange = broker.exchange(channel, "direct");
        String dlx = broker.exchange(channel, "fanout");
        String dead = broker.queueBoundTo(channel, dlx, "");
        String queue = dying(channel, death, Map.of(DLX, dlx));
        channel.queueBind(queue, exchange, "key");
        Date before = new Date(System.currentTimeMillis() / 1_000 * 1_000 - 1_000);

        channel.basicPublish(
                exchange,
                "key",
                new AMQP.BasicProperties.Builder()
                        .expiration("250000")
                        .deliveryMode(2)
                        .messageId("id")
                        .headers(Map.of("CC", List.of("cc"), "BCC", List.of("bcc"), "own", 7))
                        .build(),
                TestBroker.bytes("a"));
        death.of(channel, queue);

        GetResponse got = got(channel, dead);
        assertThat(TestBroker.text(got.getBody())).isEqualTo("a");
        assertThat(got.getEnvelope().getExchange()).isEqualTo(dlx);
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("key");
        assertThat(got.getEnvelope().isRedeliver()).isFalse();
        assertThat(got.getProps().getExpiration()).isNull();
        assertThat(got.getProps().getDeliveryMode()).isEqualTo(2);
        assertThat(got.getProps().getMessageId()).isEqualTo("id");
        Map<String, Object> headers = got.getProps().getHeaders();
        assertThat(headers).doesNotContainKey("BCC").containsEntry("own", 7);
        assertThat(headers.get("CC")).hasToString("[cc]");
        assertThat(headers.get("x-first-death-reason")).hasToString(death.reason);
        assertThat(headers.get("x-first-death-queue")).hasToString(queue);
        assertThat(headers.get("x-first-death-exchange")).hasToString(exchange);
        List<Map<String, Object>> deaths = deaths(got);
        assertThat(deaths).hasSize(1);
        assertThat((Date) deaths.get(0).get("time")).isBetween(before, new Date());
        assertThat(text(deaths.get(0)))
                .isEqualTo(Map.of(
                        "count",
                        "1",
                        "reason",
                        death.reason,
                        "queue",
                        queue,
                        "exchange",
                        exchange,
                        "routing-keys",
                        "[key, cc]",
                        "original-expiration",
                        "250000"));
    }

    @Test
    @Tag("not-rabbitmq-3.10") // came with 3.13
    @DisplayName("x-last-death follows every death, x-first-death stays")
    void lastDeath() throws IOException {
        Channel channel = broker.channel();
        String last = broker.queue(channel);
        String second = broker.queue(channel, Map.of(DLX, "", DLRK, last, "x-message-ttl", 1));
        String first = broker.queue(channel, Map.of(DLX, "", DLRK, second));
        TestBroker.publish(channel, first, "a");
        channel.basicReject(take(channel, first), false);

        Map<String, Object> headers = got(channel, last).getProps().getHeaders();

        assertThat(headers.get("x-first-death-reason")).hasToString("rejected");
        assertThat(headers.get("x-first-death-queue")).hasToString(first);
        assertThat(headers.get("x-first-death-exchange")).hasToString("");
        assertThat(headers.get("x-last-death-reason")).hasToString("expired");
        assertThat(headers.get("x-last-death-queue")).hasToString(second);
        assertThat(headers.get("x-last-death-exchange")).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("without a key all of the message's are used, BCC too; with one that alone; with a key of its own:")
    void keys(boolean ownKey) throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "direct");
        String queue = broker.queue(channel, ownKey ? Map.of(DLX, dlx, DLRK, "own") : Map.of(DLX, dlx));
        Map<String, String> targets = new HashMap<>();
        for (String key : List.of("cc", "bcc", "own", queue)) {
            targets.put(key, broker.queueBoundTo(channel, dlx, key));
        }
        channel.basicPublish(
                "",
                queue,
                new AMQP.BasicProperties.Builder()
                        .headers(Map.of("CC", List.of("cc"), "BCC", List.of("bcc")))
                        .build(),
                TestBroker.bytes("a"));
        channel.basicReject(take(channel, queue), false);

        for (String key : ownKey ? List.of("own") : List.of("cc", "bcc", queue)) {
            GetResponse got = got(channel, targets.remove(key));
            assertThat(got.getEnvelope().getRoutingKey()).isEqualTo(ownKey ? "own" : queue);
        }
        for (String other : targets.values()) {
            assertThat(channel.basicGet(other, true)).isNull();
        }
    }

    @Test
    @DisplayName("counts go up by queue and reason, the most recent comes first")
    void countsAndOrder() throws IOException {
        Channel channel = broker.channel();
        String one = broker.name();
        String two = broker.queue(channel, Map.of(DLX, "", DLRK, one));
        channel.queueDeclare(one, false, false, false, Map.of(DLX, "", DLRK, two));
        TestBroker.publish(channel, one, "a");

        for (int round = 0; round < 3; round++) {
            channel.basicReject(take(channel, one), false);
            channel.basicReject(take(channel, two), false);
        }
        channel.basicReject(take(channel, one), false);

        List<Map<String, Object>> deaths = deaths(got(channel, two));
        assertThat(deaths).hasSize(2);
        assertThat(deaths.get(0).get("queue")).hasToString(one);
        assertThat(deaths.get(0).get("count")).isEqualTo(4L);
        assertThat(deaths.get(1).get("queue")).hasToString(two);
        assertThat(deaths.get(1).get("count")).isEqualTo(3L);
    }

    @Test
    @DisplayName("the same queue with another reason is another entry")
    void entryOfEachReason() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        String back = broker.queue(channel, Map.of(DLX, "", DLRK, queue, "x-message-ttl", 1));
        channel.queueDeclare(queue, false, false, false, Map.of(DLX, "", DLRK, back));
        TestBroker.publish(channel, queue, "a");
        channel.basicReject(take(channel, queue), false);
        long tag = take(channel, queue);
        channel.basicReject(tag, false);
        GetResponse got = got(channel, queue);

        assertThat(deaths(got).stream()
                        .map(death -> death.get("queue") + " " + death.get("reason") + " " + death.get("count"))
                        .toList())
                .containsExactly(back + " expired 2", queue + " rejected 2");
    }

    @Test
    @DisplayName("a cycle without a rejection is dropped")
    void cycleIsDropped() throws IOException {
        Channel channel = broker.channel();
        String itself = broker.name();
        channel.queueDeclare(itself, false, false, false, Map.of(DLX, "", DLRK, itself, "x-message-ttl", 1));
        String one = broker.name();
        String two = broker.queue(channel, Map.of(DLX, "", DLRK, one, "x-message-ttl", 1));
        channel.queueDeclare(one, false, false, false, Map.of(DLX, "", DLRK, two, "x-message-ttl", 1));
        TestBroker.publish(channel, itself, "a");
        TestBroker.publish(channel, one, "b");

        broker.awaitThatPass(100);

        for (String queue : List.of(itself, one, two)) {
            TestBroker.awaitReady(channel, queue, 0);
        }
    }

    @Test
    @DisplayName("a cycle with a rejection goes on")
    void rejectLoopGoesOn() throws IOException {
        Channel channel = broker.channel();
        String work = broker.name();
        String retry = broker.queue(channel, Map.of(DLX, "", DLRK, work, "x-message-ttl", 1));
        channel.queueDeclare(work, false, false, false, Map.of(DLX, "", DLRK, retry));
        TestBroker.publish(channel, work, "a");

        for (int round = 0; round < 5; round++) {
            channel.basicReject(take(channel, work), false);
        }

        assertThat(deaths(got(channel, work)).stream().map(death -> death.get("count")))
                .containsExactly(5L, 5L);
    }

    @Test
    @DisplayName("a missing exchange drops the message, and may be declared later")
    void missingExchange() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.name();
        String queue = broker.queue(channel, Map.of(DLX, dlx));
        TestBroker.publish(channel, queue, "lost", "kept");
        channel.basicReject(take(channel, queue), false);
        TestBroker.awaitReady(channel, queue, 1);
        channel.exchangeDeclare(dlx, "fanout", false, false, Map.of());
        String dead = broker.queueBoundTo(channel, dlx, "");

        channel.basicReject(take(channel, queue), false);

        assertThat(TestBroker.text(got(channel, dead).getBody())).isEqualTo("kept");
        assertThat(channel.basicGet(dead, true)).isNull();
    }

    @Test
    @DisplayName("never after delete, purge, expiry of the queue, or without a route")
    void never() throws IOException {
        Channel channel = broker.channel();
        String dead = broker.queue(channel);
        Map<String, Object> arguments = Map.of(DLX, "", DLRK, dead);
        String deleted = broker.queue(channel, arguments);
        String purged = broker.queue(channel, arguments);
        String expired = broker.queue(channel, Map.of(DLX, "", DLRK, dead, "x-expires", 100));
        Confirms confirms = Confirms.select(channel);
        TestBroker.publish(channel, deleted, "a");
        TestBroker.publish(channel, purged, "b");
        TestBroker.publish(channel, expired, "c");
        confirms.awaitAcked(3);

        assertThat(channel.queueDelete(deleted).getMessageCount()).isEqualTo(1);
        assertThat(channel.queuePurge(purged).getMessageCount()).isEqualTo(1);
        Line15TtlTests.awaitGone(broker.channel(), expired);

        assertThat(channel.messageCount(dead)).isZero();
    }

    private String dying(Channel channel, Death death, Map<String, Object> deadLettering) throws IOException {
        Map<String, Object> arguments = new HashMap<>(death.arguments);
        arguments.putAll(deadLettering);
        return broker.queue(channel, arguments);
    }

    /** Takes the next message, waiting for it, and gives its tag. */
    private static long take(Channel channel, String queue) throws IOException {
        return got(channel, queue, false).getEnvelope().getDeliveryTag();
    }

    private static GetResponse got(Channel channel, String queue) throws IOException {
        return got(channel, queue, true);
    }

    private static GetResponse got(Channel channel, String queue, boolean noAck) throws IOException {
        return await("a message")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> channel.basicGet(queue, noAck), Objects::nonNull);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> deaths(GetResponse got) {
        return (List<Map<String, Object>>) got.getProps().getHeaders().get("x-death");
    }

    /** All but the time, as text. */
    private static Map<String, String> text(Map<String, Object> death) {
        Map<String, String> text = new HashMap<>();
        death.forEach((key, value) -> text.put(key, value.toString()));
        text.remove("time");
        return text;
    }
}
