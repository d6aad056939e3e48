package io.leveret.broker.amqp.behaviour;

import static io.leveret.broker.amqp.behaviour.CloseAssertions.assertThatChannelCloses;
import static io.leveret.broker.amqp.behaviour.TestBroker.bytes;
import static io.leveret.broker.amqp.behaviour.TestBroker.drain;
import static io.leveret.broker.amqp.behaviour.TestBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dies in a queue goes to its dead letter exchange. */
@Tag("behaviour")
class DeadLetterTests {
    private static final AMQP.BasicProperties NONE = new AMQP.BasicProperties();
    private static final long FAR_FUTURE = 600_000;

    @RegisterExtension
    final TestBroker broker = new TestBroker();

    /** How a message can die. */
    enum Death {
        REJECT("rejected") {
            @Override
            void publish(Channel channel, String exchange, String key, String queue, AMQP.BasicProperties properties)
                    throws IOException {
                Deliveries deliveries = Deliveries.of(channel, queue);
                channel.basicPublish(exchange, key, properties, bytes("a"));
                channel.basicReject(deliveries.nextTag(), false);
                channel.basicCancel(deliveries.tag());
            }
        },
        NACK("rejected") {
            @Override
            void publish(Channel channel, String exchange, String key, String queue, AMQP.BasicProperties properties)
                    throws IOException {
                Deliveries deliveries = Deliveries.of(channel, queue);
                channel.basicPublish(exchange, key, properties, bytes("a"));
                channel.basicNack(deliveries.nextTag(), true, false);
                channel.basicCancel(deliveries.tag());
            }
        },
        QUEUE_TTL("expired", "x-message-ttl", 1),
        QUEUE_TTL_ZERO("expired", "x-message-ttl", 0),
        EXPIRATION("expired") {
            @Override
            void publish(Channel channel, String exchange, String key, String queue, AMQP.BasicProperties properties)
                    throws IOException {
                super.publish(
                        channel,
                        exchange,
                        key,
                        queue,
                        properties.builder().expiration("1").build());
            }
        },
        DROP_HEAD("maxlen", "x-max-length", 0),
        DROP_HEAD_BY_BYTES("maxlen", "x-max-length-bytes", 0),
        REFUSED_PUBLISH("maxlen", "x-max-length", 0, "x-overflow", "reject-publish-dlx");

        final String reason;
        final Map<String, Object> arguments = new HashMap<>();

        Death(String reason, Object... arguments) {
            this.reason = reason;
            for (int i = 0; i < arguments.length; i += 2) {
                this.arguments.put((String) arguments[i], arguments[i + 1]);
            }
        }

        /** Publishes a message that dies in the queue. */
        void publish(Channel channel, String exchange, String key, String queue, AMQP.BasicProperties properties)
                throws IOException {
            channel.basicPublish(exchange, key, properties, bytes("a"));
        }
    }

    // ---- where they go

    @ParameterizedTest
    @EnumSource
    void goToTheExchangeWithTheirOwnKey(Death death) throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "direct");
        String source = broker.exchange(channel, "fanout");
        String queue = dying(channel, death, dlx, null);
        channel.queueBind(queue, source, "");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "key"));

        death.publish(channel, source, "key", queue, NONE);

        Delivery letter = dead.next();
        assertThat(text(letter.getBody())).isEqualTo("a");
        assertThat(letter.getEnvelope().getExchange()).isEqualTo(dlx);
        assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo("key");
        assertThat(letter.getEnvelope().isRedeliver()).isFalse();
        assertThat(drain(channel, queue)).isEmpty();
        dead.assertNoMore();
    }

    @ParameterizedTest
    @EnumSource
    void goToTheExchangeWithTheKeyOfTheQueue(Death death) throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "direct");
        String queue = dying(channel, death, dlx, "dead");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "dead"));
        Deliveries other = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, queue));

        death.publish(channel, "", queue, queue, NONE);

        assertThat(dead.next().getEnvelope().getRoutingKey()).isEqualTo("dead");
        other.assertNoMore();
    }

    @Test
    void goToAQueueThroughTheDefaultExchange() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = dying(channel, Death.QUEUE_TTL, "", target);

        TestBroker.publish(channel, queue, "a");

        Delivery letter = Deliveries.noAck(channel, target).next();
        assertThat(letter.getEnvelope().getExchange()).isEmpty();
        assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(target);
    }

    @Test
    void goToEveryQueueTheExchangeLeadsTo() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "fanout");
        Deliveries here = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, ""));
        Channel elsewhere = broker.channelOnNewConnection();
        Deliveries there = Deliveries.noAck(elsewhere, broker.queueBoundTo(elsewhere, dlx, ""));
        String queue = dying(channel, Death.QUEUE_TTL, dlx, null);

        TestBroker.publish(channel, queue, "a");

        assertThat(onlyDeath(here.next())).isEqualTo(onlyDeath(there.next()));
    }

    @Test
    void goThroughBindingsBetweenExchangesAndAnInternalExchange() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.name();
        channel.exchangeDeclare(dlx, "fanout", false, false, true, null);
        String next = broker.exchange(channel, "topic");
        channel.exchangeBind(next, dlx, "");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, next, "dead.#"));
        String queue = dying(channel, Death.QUEUE_TTL, dlx, "dead.letter");

        TestBroker.publish(channel, queue, "a");

        assertThat(dead.next().getEnvelope().getExchange()).isEqualTo(dlx);
    }

    @Test
    void goToTheAlternateExchangeOfTheExchange() throws IOException {
        Channel channel = broker.channel();
        String alternate = broker.exchange(channel, "fanout");
        String dlx = broker.exchange(channel, "direct", Map.of("alternate-exchange", alternate));
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, alternate, ""));
        String queue = dying(channel, Death.QUEUE_TTL, dlx, null);

        TestBroker.publish(channel, queue, "a");

        Delivery letter = dead.next();
        assertThat(letter.getEnvelope().getExchange()).isEqualTo(dlx);
        assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(queue);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there a reply is only what a client publishes
    void goToAReplyAddress() throws IOException {
        Channel channel = broker.channel();
        Deliveries replies = Deliveries.noAck(channel, "amq.rabbitmq.reply-to");
        String requests = broker.queue(channel);
        AMQP.BasicProperties asking = new AMQP.BasicProperties.Builder()
                .replyTo("amq.rabbitmq.reply-to")
                .build();
        channel.basicPublish("", requests, asking, bytes("request"));
        String address =
                Deliveries.noAck(channel, requests).next().getProperties().getReplyTo();
        String queue = dying(channel, Death.QUEUE_TTL, "", address);

        TestBroker.publish(channel, queue, "a");

        assertThat(onlyDeath(replies.next())).containsEntry("queue", queue);
    }

    @ParameterizedTest
    @EnumSource
    void areDroppedWhenThereIsNoSuchExchange(Death death) throws IOException {
        Channel channel = broker.channel();
        String queue = dying(channel, death, broker.name(), null);

        death.publish(channel, "", queue, queue, NONE);

        awaitEmpty(channel, queue);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void findAnExchangeThatIsDeclaredLaterThanTheQueue() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.name();
        String queue = dying(channel, Death.QUEUE_TTL, dlx, null);
        TestBroker.publish(channel, queue, "too early");
        awaitEmpty(channel, queue);
        channel.exchangeDeclare(dlx, "fanout");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, ""));

        TestBroker.publish(channel, queue, "a");

        assertThat(dead.nextBody()).isEqualTo("a");
    }

    @Test
    void areDroppedSilentlyWhenNothingMatches() throws IOException {
        Channel channel = broker.channel();
        String queue = dying(channel, Death.QUEUE_TTL, broker.exchange(channel, "direct"), null);
        List<String> returned = new ArrayList<>();
        channel.addReturnListener(message -> returned.add(text(message.getBody())));

        channel.basicPublish("", queue, true, null, bytes("a"));

        awaitEmpty(channel, queue);
        assertThat(returned).isEmpty();
    }

    @Test
    void passOnFromQueueToQueue() throws IOException {
        Channel channel = broker.channel();
        String last = broker.queue(channel);
        String second = dying(channel, Death.QUEUE_TTL, "", last);
        String first = dying(channel, Death.DROP_HEAD, "", second);

        TestBroker.publish(channel, first, "a");

        assertThat(deaths(Deliveries.noAck(channel, last).next()))
                .extracting(death -> death.get("queue") + " " + death.get("reason") + " " + death.get("count"))
                .containsExactly(second + " expired 1", first + " maxlen 1");
    }

    @Test
    void passOnAlongAnyNumberOfQueues() throws IOException {
        Channel channel = broker.channel();
        String last = broker.queue(channel);
        String next = last;
        for (int i = 0; i < 200; i++) {
            next = dying(channel, Death.QUEUE_TTL_ZERO, "", next);
        }

        TestBroker.publish(channel, next, "a");

        assertThat(deaths(Deliveries.noAck(channel, last).next())).hasSize(200);
    }

    @Test
    void keepTheirOrder() throws IOException {
        Channel channel = broker.channel();
        Channel elsewhere = broker.channelOnNewConnection();
        String target = broker.queue(elsewhere);
        String queue = dying(channel, Death.QUEUE_TTL, "", target);
        List<String> bodies = IntStream.range(0, 5_000).mapToObj(i -> "" + i).toList();

        TestBroker.publish(channel, queue, bodies.toArray(String[]::new));

        assertThat(Deliveries.noAck(elsewhere, target).nextBodies(bodies.size()))
                .isEqualTo(bodies);
    }

    @Test
    void keepTheOrderInWhichTheyWereRejected() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = dying(channel, Death.REJECT, "", target);
        TestBroker.publish(channel, queue, "a", "b", "c", "d");
        Deliveries deliveries = Deliveries.of(channel, queue);
        List<Long> tags =
                IntStream.range(0, 4).mapToObj(i -> deliveries.nextTag()).toList();

        channel.basicReject(tags.get(1), false);
        channel.basicNack(tags.get(3), true, false);

        assertThat(Deliveries.noAck(channel, target).nextBodies(4)).containsExactly("b", "a", "c", "d");
    }

    @Test
    void areOnlyMessagesThatDied() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "fanout");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, ""));
        String queue = broker.queue(channel, Map.of("x-dead-letter-exchange", dlx));
        TestBroker.publish(channel, queue, "acked", "requeued", "purged");
        Deliveries deliveries = Deliveries.of(channel, queue);
        channel.basicAck(deliveries.nextTag(), false);
        channel.basicReject(deliveries.nextTag(), true);
        channel.basicCancel(deliveries.tag());
        deliveries.nextBodies(2);
        channel.basicRecover(true);
        channel.queuePurge(queue);
        TestBroker.publish(channel, queue, "deleted");
        TestBroker.awaitReady(channel, queue, 1);
        channel.queueDelete(queue);

        dead.assertNoMore();
    }

    @Test
    void areNotMadeWhenAnIdleQueueExpires() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "fanout");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, ""));
        String queue = broker.queue(channel, Map.of("x-dead-letter-exchange", dlx, "x-expires", 100));
        TestBroker.publish(channel, queue, "a");

        await().until(() -> !TestBroker.queueExists(broker.connection(), queue));

        dead.assertNoMore();
    }

    // ---- CC and BCC

    @Test
    void areRoutedByCcAndBccToo() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "direct");
        Deliveries cc = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "cc"));
        Deliveries bcc = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "bcc"));
        String queue = dying(channel, Death.QUEUE_TTL, dlx, null);

        channel.basicPublish("", queue, copies(), bytes("a"));

        Delivery letter = cc.next();
        assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo(queue);
        assertThat(letter.getProperties().getHeaders().get("CC")).hasToString("[cc]");
        assertThat(letter.getProperties().getHeaders()).doesNotContainKey("BCC");
        assertThat(onlyDeath(letter).get("routing-keys")).hasToString("[" + queue + ", cc]");
        assertThat(onlyDeath(bcc.next())).isEqualTo(onlyDeath(letter));
    }

    @Test
    void areRoutedByCcAndBccOnASecondDeath() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "direct");
        Deliveries cc = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "cc"));
        Deliveries bcc = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "bcc"));
        String second = dying(channel, Death.QUEUE_TTL, dlx, null);
        String between = broker.exchange(channel, "fanout");
        channel.queueBind(second, between, "");
        String first = dying(channel, Death.QUEUE_TTL, between, null);

        channel.basicPublish("", first, copies(), bytes("a"));

        Delivery letter = cc.next();
        assertThat(deaths(letter).get(0).get("routing-keys")).hasToString("[" + first + ", cc]");
        bcc.next();
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there the header CC is taken out
    void areRoutedByTheKeyOfTheQueueAloneButKeepCc() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "direct");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "dead"));
        Deliveries cc = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "cc"));
        Deliveries bcc = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "bcc"));
        String queue = dying(channel, Death.QUEUE_TTL, dlx, "dead");

        channel.basicPublish("", queue, copies(), bytes("a"));

        Delivery letter = dead.next();
        assertThat(letter.getProperties().getHeaders().get("CC")).hasToString("[cc]");
        assertThat(onlyDeath(letter).get("routing-keys")).hasToString("[" + queue + ", cc]");
        cc.assertNoMore();
        bcc.assertNoMore();
    }

    @Test
    void keepTheReplacedKeyOnASecondDeath() throws IOException {
        Channel channel = broker.channel();
        String dlx = broker.exchange(channel, "direct");
        Deliveries dead = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "dead"));
        Deliveries cc = Deliveries.noAck(channel, broker.queueBoundTo(channel, dlx, "cc"));
        String between = broker.exchange(channel, "direct");
        String second = dying(channel, Death.QUEUE_TTL, dlx, null);
        channel.queueBind(second, between, "dead");
        String first = dying(channel, Death.QUEUE_TTL, between, "dead");

        channel.basicPublish("", first, copies(), bytes("a"));

        Delivery letter = dead.next();
        assertThat(letter.getEnvelope().getRoutingKey()).isEqualTo("dead");
        assertThat(deaths(letter).get(0).get("routing-keys")).hasToString("[dead]");
        cc.assertNoMore();
    }

    // ---- what their headers tell

    @ParameterizedTest
    @EnumSource
    void tellWhatHappened(Death death) throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String source = broker.exchange(channel, "fanout");
        String queue = dying(channel, death, "", target);
        channel.queueBind(queue, source, "");
        Date before = new Date();

        death.publish(channel, source, "key", queue, NONE);

        Delivery letter = Deliveries.noAck(channel, target).next();
        Map<String, Object> told = onlyDeath(letter);
        assertThat(told)
                .containsEntry("count", 1L)
                .containsEntry("reason", death.reason)
                .containsEntry("queue", queue)
                .containsEntry("exchange", source)
                .containsEntry("routing-keys", List.of("key"));
        assertThat((Date) told.get("time")).isBetween(new Date(before.getTime() - 1_000), new Date());
        Object originalExpiration = death == Death.EXPIRATION ? "1" : null;
        assertThat(told.get("original-expiration")).isEqualTo(originalExpiration);
        assertThat(told).hasSize(originalExpiration == null ? 6 : 7);
        assertThat(plainHeaders(letter))
                .containsEntry("x-first-death-reason", death.reason)
                .containsEntry("x-first-death-queue", queue)
                .containsEntry("x-first-death-exchange", source);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there are no headers about the last death
    void tellOfTheFirstAndOfTheLastDeath() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String dlx = broker.exchange(channel, "fanout");
        String second = dying(channel, Death.DROP_HEAD, "", target);
        channel.queueBind(second, dlx, "");
        String first = dying(channel, Death.QUEUE_TTL, dlx, null);

        TestBroker.publish(channel, first, "a");

        Delivery letter = Deliveries.noAck(channel, target).next();
        assertThat(plainHeaders(letter))
                .isEqualTo(Map.of(
                        "x-first-death-reason",
                        "expired",
                        "x-first-death-queue",
                        first,
                        "x-first-death-exchange",
                        "",
                        "x-last-death-reason",
                        "maxlen",
                        "x-last-death-queue",
                        second,
                        "x-last-death-exchange",
                        dlx));
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECT", "QUEUE_TTL", "DROP_HEAD"})
    void loseTheirExpirationWhateverTheyDiedOf(Death death) throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = dying(channel, death, "", target);
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder().expiration("" + FAR_FUTURE).build();

        death.publish(channel, "", queue, queue, properties);

        Delivery letter = Deliveries.noAck(channel, target).next();
        assertThat(letter.getProperties().getExpiration()).isNull();
        assertThat(onlyDeath(letter)).containsEntry("original-expiration", "" + FAR_FUTURE);
    }

    @Test
    void keepAllOtherProperties() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = dying(channel, Death.QUEUE_TTL, "", target);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .contentEncoding("gzip")
                .headers(Map.of("a", 1, "z", List.of("b", true)))
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

        channel.basicPublish("", queue, properties, bytes("a"));

        Delivery letter = Deliveries.noAck(channel, target).next();
        assertThat(letter.getProperties()
                        .builder()
                        .headers(properties.getHeaders())
                        .build())
                .isEqualTo(properties);
        assertThat(letter.getProperties().getHeaders()).containsEntry("a", 1).containsKey("z");
    }

    @Test
    void countRepeatedDeathsAndPutTheLatestFirst() throws IOException {
        Channel channel = broker.channel();
        String work = broker.name();
        String retry = dying(channel, Death.QUEUE_TTL, "", work);
        channel.queueDeclare(
                work, false, false, false, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", retry));
        Deliveries deliveries = Deliveries.of(channel, work);
        TestBroker.publish(channel, work, "a");

        for (long round = 1; round <= 3; round++) {
            channel.basicReject(deliveries.nextTag(), false);
        }
        Delivery letter = deliveries.next();

        assertThat(deaths(letter))
                .extracting(death -> death.get("queue") + " " + death.get("reason") + " " + death.get("count") + " "
                        + death.get("routing-keys"))
                .containsExactly(retry + " expired 3 [" + retry + "]", work + " rejected 3 [" + work + "]");
        assertThat(plainHeaders(letter))
                .containsEntry("x-first-death-reason", "rejected")
                .containsEntry("x-first-death-queue", work);
        channel.basicAck(letter.getEnvelope().getDeliveryTag(), false);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there it is taken for history
    void takeAnXDeathOfTheirPublisherForAnyHeader() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = dying(channel, Death.QUEUE_TTL, "", target);
        String plain = broker.queue(channel);
        Map<String, Object> claimed = Map.of("queue", target, "reason", "expired", "count", 7L);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .headers(Map.of("x-death", List.of(claimed), "x-first-death-queue", "mine"))
                .build();

        channel.basicPublish("", plain, properties, bytes("a"));
        channel.basicPublish("", queue, properties, bytes("a"));

        assertThat(onlyDeath(Deliveries.noAck(channel, plain).next())).containsEntry("count", 7L);
        Delivery letter = Deliveries.noAck(channel, target).next();
        assertThat(onlyDeath(letter)).containsEntry("queue", queue).containsEntry("count", 1L);
        assertThat(plainHeaders(letter)).containsEntry("x-first-death-queue", queue);
    }

    @Test
    @Tag("not-rabbitmq-3.10") // there it is taken for history
    void startOverWhenAClientPublishesThemAgain() throws IOException {
        Channel channel = broker.channel();
        String target = broker.queue(channel);
        String queue = dying(channel, Death.QUEUE_TTL, "", target);
        Deliveries dead = Deliveries.noAck(channel, target);
        TestBroker.publish(channel, queue, "a");
        AMQP.BasicProperties properties = dead.next().getProperties();

        channel.basicPublish("", queue, properties, bytes("a"));

        assertThat(onlyDeath(dead.next())).containsEntry("count", 1L);
    }

    // ---- cycles

    @ParameterizedTest
    @EnumSource(names = {"QUEUE_TTL", "QUEUE_TTL_ZERO", "EXPIRATION", "DROP_HEAD", "REFUSED_PUBLISH"})
    void doNotReturnToTheirQueueOnTheirOwn(Death death) throws IOException {
        Channel channel = broker.channel();
        String witness = broker.queue(channel);
        String dlx = broker.exchange(channel, "fanout");
        String queue = dying(channel, death, dlx, null);
        channel.queueBind(queue, dlx, "");
        channel.queueBind(witness, dlx, "");

        death.publish(channel, "", queue, queue, NONE);

        Deliveries dead = Deliveries.noAck(channel, witness);
        assertThat(onlyDeath(dead.next())).containsEntry("count", 1L);
        dead.assertNoMore();
        assertThat(drain(channel, queue)).isEmpty();
    }

    @Test
    void areDroppedInACircleOfSeveralQueues() throws IOException {
        Channel channel = broker.channel();
        String first = broker.name();
        String witness = broker.queue(channel);
        String dlx = broker.exchange(channel, "fanout");
        String second = dying(channel, Death.QUEUE_TTL, dlx, null);
        channel.queueDeclare(
                first,
                false,
                false,
                false,
                Map.of("x-message-ttl", 1, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", second));
        channel.queueBind(first, dlx, "");
        channel.queueBind(witness, dlx, "");

        TestBroker.publish(channel, first, "a");

        Deliveries dead = Deliveries.noAck(channel, witness);
        assertThat(deaths(dead.next())).extracting(death -> death.get("queue")).containsExactly(second, first);
        dead.assertNoMore();
        awaitEmpty(channel, first);
    }

    @Test
    void returnToTheQueueThatTheyWereRejectedIn() throws IOException {
        Channel channel = broker.channel();
        String queue = broker.name();
        channel.queueDeclare(
                queue, false, false, false, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", queue));
        Deliveries deliveries = Deliveries.of(channel, queue);
        TestBroker.publish(channel, queue, "a");

        channel.basicReject(deliveries.nextTag(), false);
        channel.basicReject(deliveries.nextTag(), false);

        assertThat(onlyDeath(deliveries.next())).containsEntry("count", 2L).containsEntry("reason", "rejected");
    }

    // ---- permissions

    @ParameterizedTest
    @ValueSource(strings = {"queue", "exchange"})
    @Tag("not-rabbitmq-3.10") // there the text does not name the kind of access
    void needPermissionWhenTheQueueIsDeclared(String missing) throws IOException {
        String dlx = broker.exchange(broker.channel(), "fanout");
        String queue = broker.name();
        String user = broker.user();
        broker.accounts()
                .putPermission(
                        user,
                        ".*",
                        missing.equals("exchange") ? "^$" : "^" + dlx + "$",
                        missing.equals("queue") ? "^$" : "^" + queue + "$");
        Channel channel = broker.channelOf(user);

        assertThatChannelCloses(
                channel,
                () -> channel.queueDeclare(queue, false, true, false, Map.of("x-dead-letter-exchange", dlx)),
                403,
                "ACCESS_REFUSED - "
                        + (missing.equals("queue")
                                ? "read access to queue '" + queue
                                : "write access to exchange '" + dlx)
                        + "' in vhost '/' refused for user '" + user + "'",
                50,
                10);
    }

    @Test
    void needNoPermissionLater() throws IOException {
        Channel owner = broker.channel();
        String dlx = broker.exchange(owner, "fanout");
        Deliveries dead = Deliveries.noAck(owner, broker.queueBoundTo(owner, dlx, ""));
        String queue = broker.queue(owner, Map.of("x-dead-letter-exchange", dlx));
        String user = broker.user();
        broker.accounts().putPermission(user, "^$", "^amq\\.default$", "^" + queue + "$");
        Channel channel = broker.channelOf(user);
        TestBroker.publish(channel, queue, "a");

        channel.basicReject(Deliveries.of(channel, queue).nextTag(), false);

        assertThat(dead.nextBody()).isEqualTo("a");
    }

    // ----

    /** Declares a queue in which messages die that way. */
    private String dying(Channel channel, Death death, String exchange, @Nullable String key) throws IOException {
        Map<String, Object> arguments = new HashMap<>(death.arguments);
        arguments.put("x-dead-letter-exchange", exchange);
        if (key != null) {
            arguments.put("x-dead-letter-routing-key", key);
        }
        return broker.queue(channel, arguments);
    }

    private static AMQP.BasicProperties copies() {
        return new AMQP.BasicProperties.Builder()
                .headers(Map.of("CC", List.of("cc"), "BCC", List.of("bcc")))
                .build();
    }

    private static void awaitEmpty(Channel channel, String queue) {
        TestBroker.awaitReady(channel, queue, 0);
    }

    private static Map<String, Object> onlyDeath(Delivery letter) {
        assertThat(deaths(letter)).hasSize(1);
        return deaths(letter).get(0);
    }

    /** The entries of x-death with texts as strings. */
    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> deaths(Delivery letter) {
        List<Map<String, Object>> tables =
                (List<Map<String, Object>>) letter.getProperties().getHeaders().get("x-death");
        return tables.stream().map(DeadLetterTests::withStrings).toList();
    }

    private static Map<String, Object> withStrings(Map<String, Object> table) {
        Map<String, Object> copy = new HashMap<>();
        table.forEach((key, value) -> copy.put(key, withStrings(value)));
        return copy;
    }

    private static Object withStrings(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Object::toString).toList();
        }
        return value instanceof Number || value instanceof Date ? value : value.toString();
    }

    /** The headers beside x-death. */
    private static Map<String, Object> plainHeaders(Delivery letter) {
        Map<String, Object> headers = withStrings(letter.getProperties().getHeaders());
        headers.remove("x-death");
        return headers;
    }
}
