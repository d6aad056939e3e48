package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.ExchangeDeclaration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelTopologyTests {
    private static final FieldTable NONE = FieldTable.EMPTY;

    private final TestBroker broker = new TestBroker();
    private final TestChannel channel = broker.connect(0).open();

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void choosesANameForAQueueWithoutOneAndRemembersIt() {
        DeclareResult declared = channel.declare("", false, true, false);
        assertThat(declared.queue()).matches("amq\\.gen-[A-Za-z0-9_-]{22}");
        ask(topology -> topology.bindQueue("", "amq.direct", "", NONE));
        assertThat(broker.vhost().requireExchange("amq.direct").bindings())
                .extracting(Binding::routingKey)
                .containsExactly(declared.queue());
        assertThat(purge("")).isZero();
        assertThat(delete("", false)).isZero();
    }

    @Test
    void anEmptyQueueNameNeedsAnEarlierDeclaration() {
        assertRefused(
                () -> ask(topology -> topology.bindQueue("", "amq.direct", "k", NONE)),
                "NOT_FOUND - no previously declared queue");
        assertRefused(() -> ask(topology -> topology.purgeQueue("")), "NOT_FOUND - no previously declared queue");
    }

    @Test
    void tellsHowFullAQueueIs() {
        channel.declare("q");
        channel.publish("q", "a", "b", "c");
        channel.get("q", false);
        TestChannel other = broker.connect(1).open();
        other.qos(1, false);
        other.consume("q", "c");
        assertThat(other.declare("q", false, false, false)).isEqualTo(new DeclareResult("q", 1, 1));
        assertThat(other.client.request(() -> other.channel.topology().declareQueuePassively("q")))
                .isEqualTo(new DeclareResult("q", 1, 1));
    }

    @Test
    void dropsLineEndsFromNames() {
        assertThat(channel.declare("q\r\n1", false, false, false).queue()).isEqualTo("q1");
        ask(topology -> topology.declareExchange(new ExchangeDeclaration("e\n", "direct", false, false, false, NONE)));
        assertThat(broker.vhost().exchange("e")).isNotNull();
        ask(topology -> topology.deleteQueue("q\n1", false, false));
        assertThat(broker.vhost().queue("q1")).isNull();
    }

    @Test
    void refusesReservedQueueNames() {
        assertRefused(
                () -> channel.declare("amq.mine"),
                "ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'");
    }

    @Test
    void refusesTheDefaultExchangeEverywhere() {
        String refusal = "ACCESS_REFUSED - operation not permitted on the default exchange";
        channel.declare("q");
        assertRefused(
                () -> ask(topology ->
                        topology.declareExchange(new ExchangeDeclaration("", "direct", true, false, false, NONE))),
                refusal);
        assertRefused(() -> channel.channel.topology().declareExchangePassively(""), refusal);
        assertRefused(() -> ask(topology -> topology.deleteExchange("", false)), refusal);
        assertRefused(() -> ask(topology -> topology.bindQueue("q", "", "q", NONE)), refusal);
        assertRefused(() -> ask(topology -> topology.unbindQueue("q", "", "q", NONE)), refusal);
        assertRefused(() -> ask(topology -> topology.bindExchange("", "amq.topic", "q", NONE)), refusal);
        assertRefused(() -> ask(topology -> topology.unbindExchange("amq.topic", "", "q", NONE)), refusal);
    }

    @Test
    void asksForTheTypeOfAnExchangeBeforeItsName() {
        assertRefused(
                () -> ask(topology ->
                        topology.declareExchange(new ExchangeDeclaration("", "nonsense", true, false, false, NONE))),
                "PRECONDITION_FAILED - unknown exchange type 'nonsense'");
    }

    @Test
    void aQueueThatExpiresGoesWithItsName() {
        channel.declare("q", "x-expires", FieldValue.of(1_000));
        ask(topology -> topology.bindQueue("q", "amq.fanout", "", NONE));
        broker.loops.get(0).advance(1_004);
        broker.runAll();
        assertThat(broker.vhost().queue("q")).isNull();
        assertRefused(
                () -> ask(topology -> topology.declareQueuePassively("q")), "NOT_FOUND - no queue 'q' in vhost '/'");
        channel.declare("q", "x-max-length", FieldValue.of(1));
    }

    @Test
    void aDeclareThatFindsAQueueWhichExpiresMeanwhileGetsANewOne() {
        TestChannel far = broker.connect(1).open();
        far.declare("q", "x-expires", FieldValue.of(1_000));
        far.publish("q", "a");
        broker.runAll();
        QueueRef old = broker.vhost().requireQueue("q");
        FieldTable arguments =
                FieldTable.builder().put("x-expires", FieldValue.of(1_000)).build();
        CompletableFuture<DeclareResult> declared =
                channel.client.turn(() -> channel.channel.topology().declareQueue("q", false, false, false, arguments));
        awaitTask(0);
        broker.loops.get(1).advance(1_004);
        assertThat(broker.await(declared)).isEqualTo(new DeclareResult("q", 0, 0));
        assertThat(old.isDeleted()).isTrue();
        assertThat(broker.vhost().requireQueue("q")).isNotSameAs(old);
    }

    /** Waits until the topology writer has answered a loop, which does not take notice yet. */
    private void awaitTask(int loop) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!broker.loops.get(loop).hasTasks() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(broker.loops.get(loop).hasTasks()).isTrue();
    }

    @Test
    void passiveDeclaresFindOnlyWhatIsThere() {
        channel.channel.topology().declareExchangePassively("amq.topic");
        assertRefused(
                () -> channel.channel.topology().declareExchangePassively("e"),
                "NOT_FOUND - no exchange 'e' in vhost '/'");
        assertRefused(
                () -> ask(topology -> topology.declareQueuePassively("q")), "NOT_FOUND - no queue 'q' in vhost '/'");
        assertRefused(() -> ask(topology -> topology.purgeQueue("q")), "NOT_FOUND - no queue 'q' in vhost '/'");
        assertThat(delete("q", true)).isZero();
    }

    @Test
    void checksThePermissionEachRequestNeeds() {
        channel.declare("q");
        ask(topology -> topology.declareExchange(new ExchangeDeclaration("e", "topic", true, false, false, NONE)));
        TestChannel limited = userWith("^c", "^w", "^r");
        assertDenied(
                limited, topology -> topology.declareQueue("q", false, false, false, NONE), "configure", "queue 'q'");
        assertDenied(limited, topology -> topology.deleteQueue("q", false, false), "configure", "queue 'q'");
        assertDenied(limited, topology -> topology.purgeQueue("q"), "read", "queue 'q'");
        assertDenied(limited, topology -> topology.declareQueuePassively("q"), "configure", "queue 'q'");
        assertDenied(limited, topology -> topology.deleteExchange("e", false), "configure", "exchange 'e'");
        assertDenied(limited, topology -> topology.bindQueue("q", "e", "k", NONE), "write", "queue 'q'");
        assertDenied(limited, topology -> topology.bindQueue("wq", "e", "k", NONE), "read", "exchange 'e'");
        assertDenied(limited, topology -> topology.unbindExchange("e", "x", "k", NONE), "write", "exchange 'e'");
        assertDenied(
                limited,
                topology -> topology.declareQueue(
                        "cq", true, false, false, NONE.with("x-dead-letter-exchange", FieldValue.of("d"))),
                "read",
                "queue 'cq'");
        assertDenied(
                limited,
                topology -> topology.declareExchange(new ExchangeDeclaration(
                        "cre", "direct", true, false, false, NONE.with("alternate-exchange", FieldValue.of("a")))),
                "read",
                "exchange 'cre'");
    }

    @Test
    void checksTheKeyOfABindingToATopicExchange() {
        channel.declare("wq");
        TestChannel limited = userWith(".*", ".*", ".*");
        broker.await(broker.broker.putTopicPermission("u", "/", "amq.topic", ".*", "^ok"));
        limited.client.request(() -> limited.channel.topology().bindQueue("wq", "amq.topic", "ok.a", NONE));
        assertRefused(
                () -> limited.client.request(
                        () -> limited.channel.topology().bindQueue("wq", "amq.topic", "bad", NONE)),
                "ACCESS_REFUSED - read access to topic 'bad' in exchange 'amq.topic' in vhost '/' refused for user"
                        + " 'u'");
    }

    @Test
    void purgeLeavesWhatIsUnacked() {
        channel.declare("q");
        channel.publish("q", "a", "b", "c");
        channel.get("q", false);
        assertThat(purge("q")).isEqualTo(2);
        channel.nack(1, false, true);
        assertThat(channel.get("q", true)).isEqualTo("a*");
    }

    @Test
    void bindsExchangesToExchanges() {
        channel.declare("q");
        ask(topology -> topology.declareExchange(new ExchangeDeclaration("e", "fanout", false, false, true, NONE)));
        ask(topology -> topology.bindExchange("e", "amq.topic", "a.#", NONE));
        ask(topology -> topology.bindQueue("q", "e", "", NONE));
        channel.publish("amq.topic", "a.b", BasicProperties.EMPTY, false, "m");
        assertThat(channel.get("q", true)).isEqualTo("m");
        ask(topology -> topology.unbindExchange("e", "amq.topic", "a.#", NONE));
        channel.publish("amq.topic", "a.b", BasicProperties.EMPTY, true, "m");
        assertThat(channel.output.log).containsExactly("return m");
    }

    private int purge(String queue) {
        return ask(topology -> topology.purgeQueue(queue));
    }

    private int delete(String queue, boolean ifUnusedAndEmpty) {
        return ask(topology -> topology.deleteQueue(queue, ifUnusedAndEmpty, ifUnusedAndEmpty));
    }

    private <T> T ask(Function<ChannelTopology, CompletableFuture<T>> request) {
        return ask(channel, request);
    }

    private static <T> T ask(TestChannel on, Function<ChannelTopology, CompletableFuture<T>> request) {
        return on.client.request(() -> request.apply(on.channel.topology()));
    }

    private TestChannel userWith(String configure, String write, String read) {
        broker.await(broker.broker.putUser("u", "p", Set.of()));
        broker.await(broker.broker.putPermission("u", "/", configure, write, read));
        return broker.connect(0, "u").open();
    }

    private static <T> void assertDenied(
            TestChannel on, Function<ChannelTopology, CompletableFuture<T>> request, String access, String resource) {
        assertRefused(
                () -> ask(on, request),
                "ACCESS_REFUSED - " + access + " access to " + resource + " in vhost '/' refused for user 'u'");
    }

    private static void assertRefused(ThrowingCallable request, String text) {
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(request)
                .satisfies(error -> assertThat(error.replyText()).isEqualTo(text));
    }
}
