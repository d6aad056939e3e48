package io.leveret.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user has made and sent is there after a restart, and what should not be is not; one restart for all. After an upgrade
 * too: what each release leaves on disk is kept by {@code -Dit.test=RestartIT -Dbroker.data.keep=0.1.0.zip}, among the
 * resources of the tests.
 */
class RestartIT {
    private static final String KEEP = "broker.data.keep";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> EXCHANGE_TYPES =
            List.of("direct", "fanout", "topic", "headers", "x-consistent-hash", "x-modulus-hash");
    private static final int TTL_MILLIS = 6_000;
    private static final int DELAY_MILLIS = 8_000;

    @TempDir
    Path folder;

    private @Nullable Server server;
    private @Nullable Connection connection;
    private boolean clean;
    private boolean upgrade;
    private long timedFrom;

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> afterSigterm() throws Exception {
        return restart(true);
    }

    @TestFactory
    Stream<DynamicTest> afterSigkill() throws Exception {
        return restart(false);
    }

    @TestFactory
    Stream<DynamicTest> afterAnUpgradeFrom010() throws Exception {
        Assumptions.assumeFalse(Servers.isRabbit(), "RabbitMQ does not know our files");
        clean = true;
        upgrade = true;
        KeptData.restore("0.1.0", folder);
        server = Servers.in(folder);
        server.start();
        return checks();
    }

    @Test
    @EnabledIfSystemProperty(named = KEEP, matches = ".+", disabledReason = "only when a release is made")
    void keepsWhatThisVersionLeaves() throws Exception {
        upgrade = true;
        makeAll();
        server.stop();
        Path zip = Path.of(System.getProperty(KEEP)).toAbsolutePath();
        KeptData.keep(folder, zip);
        assertThat(zip).isNotEmptyFile();
    }

    private interface Step {
        void run(Channel channel) throws Exception;
    }

    /** Something that is made before and looked at afterwards. */
    private record Scenario(String name, Step before, Step after) {}

    private List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>(List.of(
                new Scenario("queues", this::makeQueues, this::checkQueues),
                new Scenario("arguments of queues", this::makeArguments, this::checkArguments),
                new Scenario("a queue that was deleted and made again", this::makeAgain, this::checkMadeAgain),
                new Scenario("exchanges", this::makeExchanges, this::checkExchanges),
                new Scenario("bindings", this::makeBindings, this::checkBindings),
                new Scenario("policies, users and permissions", channel -> {}, this::checkImported),
                new Scenario("persistent and transient messages", this::sendBothKinds, this::checkBothKinds),
                new Scenario("properties and headers", this::sendProperties, this::checkProperties),
                new Scenario("bodies of no and of many bytes", this::sendSizes, this::checkSizes),
                new Scenario("priorities", this::sendPriorities, this::checkPriorities),
                new Scenario("requeued messages", this::requeue, this::checkRequeued),
                new Scenario("redelivered flags", this::deliverSome, this::checkRedelivered),
                new Scenario("acked in one of two queues", this::ackInOne, this::checkAckedInOne),
                new Scenario("transactions", this::commitAndNot, this::checkCommitted),
                new Scenario("dead letters", this::rejectOne, this::checkLetter)));
        if (upgrade) {
            // what has to do with time is long over
            return all;
        }
        all.add(new Scenario("time to live", this::sendMortal, this::checkMortal));
        if (!Servers.isRabbit()) {
            all.add(new Scenario("delayed messages", this::sendDelayed, this::checkDelayed));
        }
        return all;
    }

    private Stream<DynamicTest> restart(boolean clean) throws Exception {
        this.clean = clean;
        makeAll();
        if (clean) {
            server.stop();
        } else {
            server.kill();
        }
        startAgain();
        return checks();
    }

    /** With a broker that is started for it, and runs on. */
    private void makeAll() throws Exception {
        startWithDefinitions();
        connection = server.connect();
        for (Scenario scenario : scenarios()) {
            scenario.before.run(confirming());
        }
    }

    /** With the broker that runs. */
    private Stream<DynamicTest> checks() throws Exception {
        connection = server.connect();
        return scenarios().stream().map(scenario -> dynamicTest(scenario.name, () -> scenario.after.run(confirming())));
    }

    private void startWithDefinitions() throws IOException, InterruptedException {
        Path definitions = Files.writeString(folder.resolve("definitions.json"), """
                {"users": [{"name": "guest", "password": "guest", "tags": "administrator"},
                           {"name": "app", "password": "s3cret-app", "tags": ""}],
                 "vhosts": [{"name": "/"}, {"name": "other"}],
                 "permissions": [{"user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
                                 {"user": "app", "vhost": "other", "configure": "^app", "write": ".*", "read": ".*"}],
                 "policies": [{"vhost": "/", "name": "short", "pattern": "^short", "apply-to": "queues", "priority": 1,
                               "definition": {"max-length": 3}}]}
                """);
        server = Servers.in(folder);
        if (server instanceof LeveretServer ours) {
            ours.startWith("--broker.definitions=" + definitions);
        } else if (server instanceof RabbitServer rabbit) {
            rabbit.start();
            rabbit.control("import_definitions", definitions.toString());
        }
    }

    private void startAgain() throws IOException, InterruptedException {
        if (server instanceof LeveretServer ours) {
            ours.startWith();
        } else {
            server.start();
        }
    }

    private void makeQueues(Channel channel) throws Exception {
        channel.queueDeclare("durable", true, false, false, null);
        channel.queueDeclare("auto-delete", true, false, true, null);
        channel.queueDeclare("transient", false, false, false, null);
        channel.queueDeclare("exclusive", false, true, false, null);
        channel.queueDeclare("exclusive-durable", true, true, false, null);
        channel.queueDeclare("deleted", true, false, false, null);
        send(channel, "deleted", "x");
        channel.queueDelete("deleted");
    }

    private void checkQueues(Channel channel) throws Exception {
        assertThat(queueExists("durable")).as("durable").isTrue();
        assertThat(queueExists("auto-delete"))
                .as("durable, nobody has consumed yet")
                .isTrue();
        assertThat(queueExists("transient")).as("transient").isFalse();
        assertThat(queueExists("exclusive")).as("exclusive").isFalse();
        assertThat(queueExists("exclusive-durable")).as("exclusive, durable").isFalse();
        assertThat(queueExists("deleted")).as("deleted").isFalse();

        String tag = channel.basicConsume("auto-delete", (t, m) -> {}, t -> {});
        channel.basicCancel(tag);
        assertThat(queueExists("auto-delete")).as("its last consumer has gone").isFalse();
    }

    private void makeArguments(Channel channel) throws Exception {
        channel.queueDeclare(
                "arguments", true, false, false, Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
    }

    private void checkArguments(Channel channel) throws Exception {
        send(channel, "arguments", "1");
        send(channel, "arguments", "2");
        channel.basicPublish("", "arguments", MessageProperties.MINIMAL_PERSISTENT_BASIC, text("3"));
        assertThat(channel.waitForConfirms(60_000))
                .as("confirm of one too many")
                .isFalse();
        assertThatIOException()
                .isThrownBy(() -> channel.queueDeclare("arguments", true, false, false, null))
                .withStackTraceContaining("PRECONDITION_FAILED - inequivalent arg");
    }

    private void makeAgain(Channel channel) throws Exception {
        channel.queueDeclare("again", true, false, false, null);
        send(channel, "again", "of the first");
        channel.queueDelete("again");
        channel.queueDeclare("again", true, false, false, null);
        send(channel, "again", "of the second");
    }

    private void checkMadeAgain(Channel channel) throws Exception {
        assertThat(takeAll(channel, "again")).containsExactly("of the second");
    }

    private void makeExchanges(Channel channel) throws Exception {
        for (String type : EXCHANGE_TYPES) {
            channel.exchangeDeclare("e-" + type, type, true);
        }
        channel.exchangeDeclare("e-transient", BuiltinExchangeType.FANOUT, false);
        channel.exchangeDeclare("e-deleted", BuiltinExchangeType.FANOUT, true);
        channel.exchangeDelete("e-deleted");
        channel.exchangeDeclare("e-internal", BuiltinExchangeType.FANOUT, true, false, true, null);
        channel.exchangeDeclare(
                "e-alternate", BuiltinExchangeType.DIRECT, true, false, Map.of("alternate-exchange", "e-fanout"));
        channel.queueDeclare("alternate", true, false, false, null);
        channel.queueBind("alternate", "e-fanout", "");
    }

    private void checkExchanges(Channel channel) throws Exception {
        for (String type : EXCHANGE_TYPES) {
            channel.exchangeDeclare("e-" + type, type, true);
        }
        assertThat(exchangeExists("e-transient"))
                .as("transient: kept since RabbitMQ 4")
                .isEqualTo(!Servers.isRabbit());
        assertThat(exchangeExists("e-deleted")).as("deleted").isFalse();
        channel.basicPublish("e-alternate", "nowhere", null, text("alternate"));
        channel.waitForConfirmsOrDie(60_000);
        assertThat(takeAll(channel, "alternate")).containsExactly("alternate");
        assertThatIOException()
                .isThrownBy(() -> {
                    channel.basicPublish("e-internal", "", null, text("x"));
                    channel.exchangeDeclarePassive("e-internal");
                })
                .withStackTraceContaining("ACCESS_REFUSED");
    }

    private void makeBindings(Channel channel) throws Exception {
        channel.exchangeDeclare("b-topic", BuiltinExchangeType.TOPIC, true);
        channel.exchangeDeclare("b-headers", BuiltinExchangeType.HEADERS, true);
        channel.queueDeclare("bound", true, false, false, null);
        channel.queueBind("bound", "b-topic", "a.*.c");
        channel.queueBind("bound", "b-topic", "gone.#");
        channel.queueUnbind("bound", "b-topic", "gone.#");
        channel.queueBind("bound", "b-headers", "", Map.of("x-match", "all", "n", 7, "s", "seven"));
        channel.exchangeDeclare("b-source", BuiltinExchangeType.DIRECT, true);
        channel.exchangeBind("b-topic", "b-source", "a.e2e.c");
    }

    private void checkBindings(Channel channel) throws Exception {
        channel.basicPublish("b-topic", "a.b.c", null, text("topic"));
        channel.basicPublish("b-topic", "gone.x", null, text("unbound"));
        channel.basicPublish("b-headers", "", headers(Map.of("n", 7, "s", "seven")), text("headers"));
        channel.basicPublish("b-headers", "", headers(Map.of("n", 7)), text("too few headers"));
        channel.basicPublish("b-source", "a.e2e.c", null, text("exchange to exchange"));
        channel.waitForConfirmsOrDie(60_000);
        assertThat(takeAll(channel, "bound")).containsExactly("topic", "headers", "exchange to exchange");
    }

    private void checkImported(Channel channel) throws Exception {
        channel.queueDeclare("short-1", true, false, false, null);
        for (int i = 0; i < 5; i++) {
            send(channel, "short-1", Integer.toString(i));
        }
        assertThat(takeAll(channel, "short-1")).containsExactly("2", "3", "4");

        try (Connection other = server.connect("app", "s3cret-app", "other")) {
            other.createChannel().queueDeclare("app-1", true, false, false, null);
            Channel second = other.createChannel();
            assertThatIOException()
                    .isThrownBy(() -> second.queueDeclare("not-1", true, false, false, null))
                    .withStackTraceContaining("ACCESS_REFUSED");
        }
    }

    private void sendBothKinds(Channel channel) throws Exception {
        channel.queueDeclare("kinds", true, false, false, null);
        for (int i = 0; i < 300; i++) {
            AMQP.BasicProperties kind =
                    i % 3 == 0 ? MessageProperties.MINIMAL_BASIC : MessageProperties.MINIMAL_PERSISTENT_BASIC;
            channel.basicPublish("", "kinds", kind, text(Integer.toString(i)));
        }
        channel.waitForConfirmsOrDie(60_000);
    }

    private void checkBothKinds(Channel channel) throws Exception {
        List<String> expected = Stream.iterate(0, i -> i + 1)
                .limit(300)
                .filter(i -> i % 3 != 0)
                .map(Object::toString)
                .toList();
        assertThat(takeAll(channel, "kinds")).isEqualTo(expected);
    }

    private AMQP.BasicProperties everyProperty() {
        Map<String, Object> headers = new HashMap<>();
        headers.put("boolean", true);
        headers.put("byte", (byte) -3);
        headers.put("short", (short) -30_000);
        headers.put("int", Integer.MIN_VALUE);
        headers.put("long", Long.MAX_VALUE);
        headers.put("float", 1.5f);
        headers.put("double", -2.25);
        headers.put("decimal", new BigDecimal("123.45"));
        headers.put("string", LongStringHelper.asLongString("gr\u00fc\u00df dich"));
        headers.put("timestamp", new Date(1_700_000_000_000L));
        headers.put("list", List.of(1, LongStringHelper.asLongString("two"), List.of(3L)));
        headers.put("table", Map.of("inner", Map.of("deep", LongStringHelper.asLongString("yes"))));
        headers.put("void", null);
        return new AMQP.BasicProperties.Builder()
                .contentType("text/plain")
                .contentEncoding("utf-8")
                .headers(headers)
                .deliveryMode(2)
                .priority(7)
                .correlationId("correlation")
                .replyTo("reply")
                .expiration(upgrade ? null : "3600000")
                .messageId("message")
                .timestamp(new Date(1_700_000_001_000L))
                .type("type")
                .userId("guest")
                .appId("app")
                .clusterId("cluster")
                .build();
    }

    private void sendProperties(Channel channel) throws Exception {
        channel.queueDeclare("properties", true, false, false, null);
        channel.exchangeDeclare("p-fanout", BuiltinExchangeType.FANOUT, true);
        channel.queueBind("properties", "p-fanout", "");
        channel.basicPublish("p-fanout", "the key", everyProperty(), text("all of them"));
        channel.waitForConfirmsOrDie(60_000);
    }

    private void checkProperties(Channel channel) throws Exception {
        GetResponse got = channel.basicGet("properties", true);
        assertThat(got).isNotNull();
        assertThat(got.getProps()).isEqualTo(everyProperty());
        assertThat(got.getEnvelope().getExchange()).isEqualTo("p-fanout");
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("the key");
        assertThat(got.getBody()).isEqualTo(text("all of them"));
    }

    private static byte[] large() {
        byte[] large = new byte[3_000_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (31 * i + (i >>> 10));
        }
        return large;
    }

    private void sendSizes(Channel channel) throws Exception {
        channel.queueDeclare("sizes", true, false, false, null);
        channel.basicPublish("", "sizes", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[0]);
        channel.basicPublish("", "sizes", MessageProperties.MINIMAL_PERSISTENT_BASIC, large());
        channel.basicPublish("", "sizes", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[1]);
        channel.waitForConfirmsOrDie(60_000);
    }

    private void checkSizes(Channel channel) throws Exception {
        assertThat(channel.basicGet("sizes", true).getBody()).isEmpty();
        assertThat(channel.basicGet("sizes", true).getBody()).isEqualTo(large());
        assertThat(channel.basicGet("sizes", true).getBody()).isEqualTo(new byte[1]);
        assertThat(channel.basicGet("sizes", true)).isNull();
    }

    private void sendPriorities(Channel channel) throws Exception {
        channel.queueDeclare("priority", true, false, false, Map.of("x-max-priority", 3));
        for (int i = 0; i < 8; i++) {
            AMQP.BasicProperties properties = MessageProperties.MINIMAL_PERSISTENT_BASIC
                    .builder()
                    .priority(i % 4)
                    .build();
            channel.basicPublish("", "priority", properties, text(Integer.toString(i)));
        }
        channel.waitForConfirmsOrDie(60_000);
    }

    private void checkPriorities(Channel channel) throws Exception {
        assertThat(takeAll(channel, "priority")).containsExactly("3", "7", "2", "6", "1", "5", "0", "4");
    }

    private void requeue(Channel channel) throws Exception {
        channel.queueDeclare("requeued", true, false, false, null);
        for (int i = 0; i < 5; i++) {
            send(channel, "requeued", Integer.toString(i));
        }
        long last = 0;
        for (int i = 0; i < 3; i++) {
            last = channel.basicGet("requeued", false).getEnvelope().getDeliveryTag();
        }
        channel.basicNack(last, true, true);
        send(channel, "requeued", "5");
        await().atMost(PATIENCE).until(() -> channel.messageCount("requeued") == 6);
    }

    private void checkRequeued(Channel channel) throws Exception {
        assertThat(takeAll(channel, "requeued")).containsExactly("0", "1", "2", "3", "4", "5");
    }

    private void deliverSome(Channel channel) throws Exception {
        channel.queueDeclare("redelivered", true, false, false, null);
        for (int i = 0; i < 10; i++) {
            send(channel, "redelivered", Integer.toString(i));
        }
        assertThat(channel.basicGet("redelivered", true)).isNotNull();
        for (int i = 0; i < 4; i++) {
            assertThat(channel.basicGet("redelivered", false).getEnvelope().isRedeliver())
                    .isFalse();
        }
        // What is published after the ack on the same channel, and confirmed, has the ack on disk with it.
        send(channel, "redelivered", "10");
    }

    private void checkRedelivered(Channel channel) throws Exception {
        List<String> got = new ArrayList<>();
        for (GetResponse each = channel.basicGet("redelivered", true);
                each != null;
                each = channel.basicGet("redelivered", true)) {
            got.add(text(each) + (each.getEnvelope().isRedeliver() ? " again" : ""));
        }
        if (clean) {
            assertThat(got).containsExactly("1 again", "2 again", "3 again", "4 again", "5", "6", "7", "8", "9", "10");
        } else {
            assertThat(got)
                    .startsWith("1 again", "2 again", "3 again", "4 again")
                    .extracting(each -> each.replace(" again", ""))
                    .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        }
    }

    private void ackInOne(Channel channel) throws Exception {
        channel.exchangeDeclare("two", BuiltinExchangeType.FANOUT, true);
        for (String queue : List.of("one-of-two", "two-of-two")) {
            channel.queueDeclare(queue, true, false, false, null);
            channel.queueBind(queue, "two", "");
        }
        for (int i = 0; i < 3; i++) {
            channel.basicPublish("two", "", MessageProperties.MINIMAL_PERSISTENT_BASIC, text(Integer.toString(i)));
        }
        channel.waitForConfirmsOrDie(60_000);
        channel.basicAck(channel.basicGet("one-of-two", false).getEnvelope().getDeliveryTag(), false);
        channel.basicPublish("", "one-of-two", MessageProperties.MINIMAL_PERSISTENT_BASIC, text("last"));
        channel.waitForConfirmsOrDie(60_000);
    }

    private void checkAckedInOne(Channel channel) throws Exception {
        assertThat(takeAll(channel, "one-of-two")).containsExactly("1", "2", "last");
        assertThat(takeAll(channel, "two-of-two")).containsExactly("0", "1", "2");
    }

    private void commitAndNot(Channel ignored) throws Exception {
        Channel channel = connection.createChannel();
        channel.queueDeclare("transactions", true, false, false, null);
        channel.txSelect();
        for (int i = 0; i < 3; i++) {
            channel.basicPublish(
                    "", "transactions", MessageProperties.MINIMAL_PERSISTENT_BASIC, text("committed " + i));
        }
        channel.txCommit();
        channel.basicPublish("", "transactions", MessageProperties.MINIMAL_PERSISTENT_BASIC, text("rolled back"));
        channel.txRollback();
        channel.basicPublish("", "transactions", MessageProperties.MINIMAL_PERSISTENT_BASIC, text("open"));
    }

    private void checkCommitted(Channel channel) throws Exception {
        assertThat(takeAll(channel, "transactions")).containsExactly("committed 0", "committed 1", "committed 2");
    }

    private void rejectOne(Channel channel) throws Exception {
        channel.queueDeclare("dead-letters", true, false, false, null);
        channel.queueDeclare(
                "rejecting",
                true,
                false,
                false,
                Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead-letters"));
        channel.basicPublish("", "rejecting", everyProperty(), text("letter"));
        channel.waitForConfirmsOrDie(60_000);
        channel.basicReject(channel.basicGet("rejecting", false).getEnvelope().getDeliveryTag(), false);
        await().atMost(PATIENCE).until(() -> channel.messageCount("dead-letters") == 1);
        // A dead letter has no confirm; what comes after it to the same queue has.
        send(channel, "dead-letters", "after it");
    }

    private void checkLetter(Channel channel) throws Exception {
        GetResponse got = channel.basicGet("dead-letters", true);
        assertThat(got).isNotNull();
        assertThat(text(got)).isEqualTo("letter");
        Map<String, Object> headers = new HashMap<>(got.getProps().getHeaders());
        assertThat(headers.get("x-death"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
                .satisfies(death -> {
                    assertThat(death.get("queue")).hasToString("rejecting");
                    assertThat(death.get("reason")).hasToString("rejected");
                    assertThat(death.get("count")).isEqualTo(1L);
                    assertThat(death.get("exchange")).hasToString("");
                    assertThat(death.get("time")).isInstanceOf(Date.class);
                });
        assertThat(headers.get("x-first-death-queue")).hasToString("rejecting");
        headers.keySet().removeIf(name -> name.startsWith("x-"));
        assertThat(got.getProps().builder().headers(headers).build())
                .as("a letter does not expire")
                .isEqualTo(everyProperty().builder().expiration(null).build());
        assertThat(takeAll(channel, "dead-letters")).containsExactly("after it");
        assertThat(takeAll(channel, "rejecting")).isEmpty();
    }

    private void sendMortal(Channel channel) throws Exception {
        channel.queueDeclare("expired", true, false, false, null);
        Map<String, Object> letters = Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "expired");
        channel.queueDeclare("mortal", true, false, false, letters);
        Map<String, Object> withTtl = new HashMap<>(letters);
        withTtl.put("x-message-ttl", TTL_MILLIS);
        channel.queueDeclare("mortal-all", true, false, false, withTtl);
        timedFrom = System.nanoTime();
        channel.basicPublish("", "mortal", expiring(TTL_MILLIS), text("by itself"));
        channel.basicPublish("", "mortal", expiring(3_600_000), text("later"));
        channel.basicPublish("", "mortal-all", MessageProperties.MINIMAL_PERSISTENT_BASIC, text("by its queue"));
        channel.waitForConfirmsOrDie(60_000);
        assertThat(channel.messageCount("mortal")).isEqualTo(2);
    }

    private void checkMortal(Channel channel) throws Exception {
        Duration age = Duration.ofNanos(System.nanoTime() - timedFrom);
        Duration left = Duration.ofMillis(TTL_MILLIS).minus(age);
        Duration patience = (left.isNegative() ? Duration.ZERO : left).plusSeconds(2);
        await("the time to live goes on while the broker is down")
                .atMost(patience)
                .until(() -> channel.messageCount("expired") == 2);
        assertThat(takeAll(channel, "expired")).containsExactlyInAnyOrder("by itself", "by its queue");
        assertThat(takeAll(channel, "mortal")).containsExactly("later");
    }

    private void sendDelayed(Channel channel) throws Exception {
        channel.exchangeDeclare("delayed", "x-delayed-message", true, false, Map.of("x-delayed-type", "direct"));
        channel.queueDeclare("after-delay", true, false, false, null);
        channel.queueBind("after-delay", "delayed", "key");
        for (int delay : List.of(DELAY_MILLIS, 100, 3_600_000)) {
            channel.basicPublish("delayed", "key", headers(Map.of("x-delay", delay)), text("after " + delay));
        }
        channel.waitForConfirmsOrDie(60_000);
    }

    private void checkDelayed(Channel channel) throws Exception {
        List<String> got = new ArrayList<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            got.addAll(takeAll(channel, "after-delay"));
            assertThat(got).endsWith("after " + DELAY_MILLIS);
        });
        Duration age = Duration.ofNanos(System.nanoTime() - timedFrom);
        assertThat(age).isGreaterThan(Duration.ofMillis(DELAY_MILLIS));
        // what falls due in the moment of a crash may be there twice
        assertThat(clean ? got : got.stream().distinct().toList())
                .containsExactly("after 100", "after " + DELAY_MILLIS);
    }

    private Channel confirming() throws IOException {
        Channel channel = connection.createChannel();
        channel.confirmSelect();
        return channel;
    }

    private boolean queueExists(String queue) throws IOException {
        return exists(channel -> channel.queueDeclarePassive(queue));
    }

    private boolean exchangeExists(String exchange) throws IOException {
        return exists(channel -> channel.exchangeDeclarePassive(exchange));
    }

    private boolean exists(Step asking) throws IOException {
        Channel channel = connection.createChannel();
        try {
            asking.run(channel);
            return true;
        } catch (IOException e) {
            assertThat(e.getCause()).isInstanceOf(ShutdownSignalException.class).hasMessageContaining("NOT_FOUND");
            return false;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Persistent, and confirmed. */
    private static void send(Channel channel, String queue, String text) throws Exception {
        channel.basicPublish("", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, text(text));
        channel.waitForConfirmsOrDie(60_000);
    }

    private static AMQP.BasicProperties expiring(int millis) {
        return MessageProperties.MINIMAL_PERSISTENT_BASIC
                .builder()
                .expiration(Integer.toString(millis))
                .build();
    }

    private static AMQP.BasicProperties headers(Map<String, Object> headers) {
        return MessageProperties.MINIMAL_PERSISTENT_BASIC
                .builder()
                .headers(headers)
                .build();
    }

    private static List<String> takeAll(Channel channel, String queue) throws IOException {
        List<String> texts = new ArrayList<>();
        for (GetResponse got = channel.basicGet(queue, true); got != null; got = channel.basicGet(queue, true)) {
            texts.add(text(got));
        }
        return texts;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(GetResponse got) {
        return new String(got.getBody(), StandardCharsets.UTF_8);
    }
}
