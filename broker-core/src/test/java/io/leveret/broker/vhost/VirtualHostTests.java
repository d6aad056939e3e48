package io.leveret.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.limit.NodeLimits;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.GetResult;
import io.leveret.broker.queue.QueueRef;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualHostTests {
    private static final Object ME = "my connection";
    private static final Object SOMEBODY = "another connection";
    private static final String LOCKED = "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost"
            + " '/'. It could be originally declared on another connection or the exclusive property value does not"
            + " match that of the original declaration.";

    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final InMemoryDefinitionStore store = new InMemoryDefinitionStore();
    private final TopologyWriter writer = new TopologyWriter("test");
    private final VirtualHost vhost = newVirtualHost(true);

    @AfterEach
    void closeWriter() {
        writer.close();
    }

    // ---- exchanges

    @Test
    void hasThePredeclaredExchanges() {
        assertThat(vhost.exchanges())
                .extracting(exchange -> exchange.name() + " " + exchange.type().name())
                .containsExactlyInAnyOrder(
                        " direct",
                        "amq.direct direct",
                        "amq.fanout fanout",
                        "amq.topic topic",
                        "amq.headers headers",
                        "amq.match headers",
                        "amq.rabbitmq.trace topic");
        assertThat(store.load()).isEmpty();
    }

    @Test
    void declaresAnExchangeOnce() {
        declareExchange("e", "topic", true, false);
        declareExchange("e", "topic", true, false);
        assertThat(vhost.requireExchange("e").type()).isSameAs(ExchangeTypes.TOPIC);
        assertThat(store.load()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "direct, true, false, type, direct, topic",
        "topic, false, false, durable, false, true",
        "topic, true, true, auto_delete, true, false"
    })
    void refusesToRedeclareAnExchangeDifferently(
            String type, boolean durable, boolean autoDelete, String argument, String received, String current) {
        declareExchange("e", "topic", true, false);
        assertRefused(
                () -> declareExchange("e", type, durable, autoDelete),
                "PRECONDITION_FAILED - inequivalent arg '" + argument + "' for exchange 'e' in vhost '/': received '"
                        + received + "' but current is '" + current + "'");
    }

    @Test
    void refusesReservedNamesOnlyForNewExchanges() {
        assertRefused(
                () -> declareExchange("amq.mine", "direct", true, false),
                "ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'");
        declareExchange("amq.topic", "topic", true, false);
        assertRefused(
                () -> await(vhost.deleteExchange("amq.fanout", false)),
                "ACCESS_REFUSED - deletion of system exchange 'amq.fanout' in vhost '/' not allowed");
    }

    @Test
    void publishesToItsOwnQueuesForTheBroker() {
        declareExchange("e", "direct", true, false);
        declareQueue("q", true, false, false, null);
        bind("e", "q", true, "k");
        vhost.internalPublisher()
                .publish(vhost.requireExchange("e"), Messages.of("e", "k", BasicProperties.EMPTY, "routed"));
        vhost.internalPublisher().enqueue(vhost.requireQueue("q"), Messages.of("straight"));
        loops.runAll();
        assertThat(nextBody("q")).isEqualTo("routed");
        assertThat(nextBody("q")).isEqualTo("straight");
    }

    @Test
    void deletesAnExchangeWithItsBindingsAndForgivesWhatIsMissing() {
        declareExchange("e", "direct", true, false);
        declareQueue("q", true, false, false, null);
        bind("e", "q", true, "k");
        assertRefused(
                () -> await(vhost.deleteExchange("e", true)), "PRECONDITION_FAILED - exchange 'e' in vhost '/' in use");
        await(vhost.deleteExchange("e", false));
        await(vhost.deleteExchange("e", false));
        assertThat(vhost.exchange("e")).isNull();
        assertThat(store.load()).hasSize(1);
        declareExchange("e", "direct", true, false);
        await(vhost.deleteExchange("e", true));
    }

    @Test
    void deleteIfUnusedLooksAtBindingsFromTheExchangeOnly() {
        declareExchange("e", "direct", false, false);
        bind("amq.topic", "e", false, "#");
        await(vhost.deleteExchange("e", true));
        assertThat(vhost.requireExchange("amq.topic").hasBindings()).isFalse();
    }

    @Test
    void anAutoDeleteExchangeGoesWithItsLastBindingAndTakesOthersAlong() {
        declareExchange("first", "fanout", false, true);
        declareExchange("second", "fanout", false, true);
        declareExchange("unbound", "fanout", false, true);
        declareQueue("q", false, false, false, null);
        bind("first", "second", false, "");
        bind("second", "q", true, "a");
        bind("second", "q", true, "b");
        unbind("second", "q", true, "a");
        assertThat(vhost.exchange("second")).isNotNull();
        await(vhost.deleteQueue("q", false, false, ME));
        assertThat(vhost.exchange("second")).isNull();
        assertThat(vhost.exchange("first")).isNull();
        assertThat(vhost.exchange("unbound")).isNotNull();
        assertThat(vhost.exchanges()).hasSize(8);
    }

    @Test
    void cyclesOfAutoDeleteExchangesComeToAnEnd() {
        declareExchange("a", "fanout", false, true);
        declareExchange("b", "fanout", false, true);
        bind("a", "b", false, "");
        bind("b", "a", false, "");
        bind("a", "a", false, "");
        await(vhost.deleteExchange("a", false));
        assertThat(vhost.exchanges()).hasSize(7);
        assertThat(store.load()).isEmpty();
    }

    // ---- bindings

    @Test
    void bindsAndUnbindsWhatIsThere() {
        declareQueue("q", true, false, false, null);
        bind("amq.direct", "q", true, "k");
        bind("amq.direct", "q", true, "k");
        assertThat(vhost.requireExchange("amq.direct").bindings()).hasSize(1);
        bind("amq.direct", "q", true, "k2");
        bind("amq.direct", "q", true, "k", FieldTable.EMPTY.with("a", FieldValue.of(1)));
        assertThat(vhost.requireExchange("amq.direct").bindings()).hasSize(3);
        unbind("amq.direct", "q", true, "k");
        unbind("amq.direct", "q", true, "k");
        unbind("amq.direct", "q", true, "k2");
        assertThat(vhost.requireExchange("amq.direct").bindings()).hasSize(1);
        assertThat(store.load()).hasSize(2);
    }

    @Test
    void bindNeedsBothEndsAndNamesTheSourceFirst() {
        assertRefused(() -> bind("e", "q", true, ""), "NOT_FOUND - no exchange 'e' in vhost '/'");
        assertRefused(() -> bind("amq.direct", "q", true, ""), "NOT_FOUND - no queue 'q' in vhost '/'");
        assertRefused(() -> bind("amq.direct", "e", false, ""), "NOT_FOUND - no exchange 'e' in vhost '/'");
    }

    @Test
    void unbindForgivesWhateverIsMissing() {
        unbind("e", "q", true, "");
        unbind("amq.direct", "q", true, "");
        unbind("amq.direct", "e", false, "");
    }

    @Test
    void aBindingIsKeptOnlyIfBothEndsAreDurable() {
        declareExchange("transient", "direct", false, false);
        declareQueue("durable", true, false, false, null);
        declareQueue("q", false, false, false, null);
        int before = store.load().size();
        bind("transient", "durable", true, "k");
        bind("amq.direct", "q", true, "k");
        bind("amq.direct", "transient", false, "k");
        assertThat(store.load()).hasSize(before);
        bind("amq.direct", "durable", true, "k");
        bind("amq.direct", "amq.topic", false, "k");
        assertThat(store.load()).hasSize(before + 2);
    }

    @Test
    void everyChangeOfRoutesChangesTheVersion() {
        long last = vhost.version();
        declareQueue("q", false, false, false, null);
        declareExchange("e", "direct", false, false);
        assertThat(vhost.version()).isGreaterThan(last);
        last = vhost.version();
        bind("e", "q", true, "");
        assertThat(vhost.version()).isGreaterThan(last);
        last = vhost.version();
        unbind("e", "q", true, "");
        assertThat(vhost.version()).isGreaterThan(last);
        last = vhost.version();
        await(vhost.deleteExchange("e", false));
        assertThat(vhost.version()).isGreaterThan(last);
        last = vhost.version();
        await(vhost.deleteQueue("q", false, false, ME));
        assertThat(vhost.version()).isGreaterThan(last);
    }

    // ---- queues

    @Test
    void declaresAQueueOnceAndSaysWhatTypeItIs() {
        QueueRef queue = declareQueue("q", true, false, false, null);
        assertThat(declareQueue("q", true, false, false, null)).isSameAs(queue);
        assertThat(queue.arguments().get("x-queue-type")).isEqualTo(FieldValue.of("classic"));
        assertThat(store.load()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"false, false, durable, false, true", "true, true, auto_delete, true, false"})
    void refusesToRedeclareAQueueDifferently(
            boolean durable, boolean autoDelete, String argument, String received, String current) {
        declareQueue("q", true, false, false, null);
        assertRefused(
                () -> declareQueue("q", durable, false, autoDelete, null),
                "PRECONDITION_FAILED - inequivalent arg '" + argument + "' for queue 'q' in vhost '/': received '"
                        + received + "' but current is '" + current + "'");
    }

    @Test
    void comparesArgumentsWhenAQueueIsRedeclared() {
        declareQueue("q", arguments(2));
        declareQueue("q", arguments(2));
        assertRefused(
                () -> declareQueue("q", arguments(1)),
                "PRECONDITION_FAILED - inequivalent arg 'x-queue-version' for queue 'q' in vhost '/': received '1' but"
                        + " current is '2'");
        assertRefused(
                () -> declareQueue("q", FieldTable.EMPTY),
                "PRECONDITION_FAILED - inequivalent arg 'x-queue-version' for queue 'q' in vhost '/': received none but"
                        + " current is the value '2' of type 'signedint'");
        declareQueue("q2", FieldTable.EMPTY);
        assertRefused(
                () -> declareQueue("q2", arguments(2)),
                "PRECONDITION_FAILED - inequivalent arg 'x-queue-version' for queue 'q2' in vhost '/': received the"
                        + " value '2' of type 'signedint' but current is none");
    }

    @Test
    void anExclusiveQueueIsOnlyForItsConnection() {
        declareQueue("q", true, true, false, ME);
        declareQueue("q", false, true, false, ME);
        assertRefused(() -> declareQueue("q", true, true, false, SOMEBODY), LOCKED);
        assertRefused(() -> declareQueue("q", true, false, false, ME), LOCKED);
        assertRefused(() -> await(vhost.bind(binding("amq.direct", "q", SOMEBODY))), LOCKED);
        await(vhost.unbind(binding("amq.direct", "q", SOMEBODY)));
        await(vhost.bind(binding("amq.direct", "q", ME)));
        assertRefused(() -> await(vhost.unbind(binding("amq.direct", "q", SOMEBODY))), LOCKED);
        assertRefused(() -> await(vhost.deleteQueue("q", false, false, SOMEBODY)), LOCKED);
        assertThat(store.load()).as("nothing is kept of it").isEmpty();
        await(vhost.deleteQueue("q", false, false, ME));
        assertThat(vhost.queue("q")).isNull();
    }

    @Test
    void aSharedQueueCanNotBecomeExclusive() {
        declareQueue("q", true, false, false, ME);
        assertRefused(() -> declareQueue("q", true, true, false, ME), LOCKED);
    }

    @Test
    void transientSharedQueuesNeedToBePermitted() {
        VirtualHost strict = newVirtualHost(false);
        AmqpError error = refused(() -> await(strict.declareQueue(
                new QueueDeclaration("q", false, false, false, FieldTable.EMPTY, ME, loops.get(0)))));
        assertThat(error.replyText()).startsWith("INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated.");
        await(strict.declareQueue(new QueueDeclaration("q", false, true, false, FieldTable.EMPTY, ME, loops.get(0))));
    }

    @Test
    void deletesAQueueWithItsBindingsAndTellsWhatItHeld() {
        QueueRef queue = declareQueue("q", true, false, false, null);
        bind("amq.fanout", "q", true, "");
        loops.get(0).run(() -> {
            queue.owned().onEnqueue(Messages.of("a"));
            queue.owned().onEnqueue(Messages.of("b"));
        });
        assertRefused(
                () -> await(vhost.deleteQueue("q", false, true, ME)),
                "PRECONDITION_FAILED - queue 'q' in vhost '/' not empty");
        assertThat(vhost.queue("q")).isSameAs(queue);
        assertThat(await(vhost.deleteQueue("q", false, false, ME))).isEqualTo(2);
        assertThat(await(vhost.deleteQueue("q", false, false, ME))).isZero();
        assertThat(vhost.requireExchange("amq.fanout").hasBindings()).isFalse();
        assertThat(store.load()).isEmpty();
    }

    @Test
    void deletesManyQueuesWhateverTheyHoldAndNotTheirSuccessors() {
        QueueRef first = declareQueue("a", false, false, false, null);
        QueueRef second = declareQueue("b", true, false, false, null);
        await(vhost.deleteQueues(List.of(first, second)));
        assertThat(vhost.queues()).isEmpty();
        assertThat(store.load()).isEmpty();
        QueueRef successor = declareQueue("b", true, false, false, null);
        await(vhost.deleteQueues(List.of(first, second)));
        assertThat(vhost.queue("b")).isSameAs(successor);
        assertThat(store.load()).hasSize(1);
    }

    @Test
    void aQueueThatHasGoneWithItsLastConsumerCanBeDeclaredAnew() {
        QueueRef gone = declareQueue("q", true, false, true, null);
        bind("amq.fanout", "q", true, "");
        loops.get(0).run(() -> {
            Consumer consumer = new Consumer(new RecordingTarget(), true, false, 0, 0, null);
            gone.owned().onConsume(consumer);
            gone.owned().onCancel(consumer);
        });
        assertThat(vhost.queue("q")).isNull();
        QueueRef anew = declareQueue("q", true, false, true, null);
        assertThat(anew).isNotSameAs(gone);
        assertThat(vhost.requireExchange("amq.fanout").hasBindings()).isFalse();
        await(vhost.deleteQueues(List.of(gone)));
        assertThat(vhost.queue("q")).isSameAs(anew);
    }

    // ---- restart

    @Test
    void putsBackWhatWasStored() {
        declareExchange("e", "topic", true, true);
        declareExchange("e2", "fanout", true, false);
        declareQueue("q", arguments(2));
        declareQueue("transient", false, false, false, null);
        bind("e", "q", true, "a.*");
        bind("e2", "e", false, "", FieldTable.EMPTY.with("x", FieldValue.of(true)));
        bind("e", "transient", true, "#");

        VirtualHost restored = newVirtualHost(true);
        await(restored.restore(store.load()));

        assertThat(restored.exchanges()).hasSize(9);
        assertThat(restored.requireExchange("e").isAutoDelete()).isTrue();
        assertThat(restored.queues()).extracting(QueueRef::name).containsExactly("q");
        assertThat(restored.requireQueue("q").arguments())
                .isEqualTo(vhost.requireQueue("q").arguments());
        assertThat(restored.requireQueue("q").isDurable()).isTrue();
        assertThat(restored.requireExchange("e").bindings())
                .singleElement()
                .satisfies(binding -> assertThat(binding.routingKey()).isEqualTo("a.*"));
        assertThat(restored.requireExchange("e2").bindings()).hasSize(1);
        await(restored.deleteQueue("q", false, false, ME));
        assertThat(restored.exchange("e")).as("auto-delete goes on").isNull();
        assertThat(store.load()).hasSize(1);
    }

    private VirtualHost newVirtualHost(boolean permitTransient) {
        return new VirtualHost(
                "/",
                new VirtualHostResources(
                        ExchangeTypes.load(getClass().getClassLoader()),
                        writer,
                        store,
                        loops,
                        new OwnerIds(),
                        null,
                        new MemoryInUse(loops.all().size()),
                        new Limits(NodeLimits.NONE),
                        new VirtualHostResources.Totals() {
                            @Override
                            public int queues() {
                                return 0;
                            }

                            @Override
                            public int exchanges() {
                                return 0;
                            }
                        },
                        new VirtualHostResources.Permits(permitTransient, false, "classic"),
                        new TopologyListeners(),
                        name -> null));
    }

    private @Nullable String nextBody(String queue) {
        GetResult next = await(vhost.requireQueue(queue).submit(owned -> owned.onGet(true)));
        return next == null ? null : Messages.body(next.message());
    }

    private void declareExchange(String name, String type, boolean durable, boolean autoDelete) {
        await(vhost.declareExchange(new ExchangeDeclaration(name, type, durable, autoDelete, false, FieldTable.EMPTY)));
    }

    private QueueRef declareQueue(
            String name, boolean durable, boolean exclusive, boolean autoDelete, Object connection) {
        return await(vhost.declareQueue(new QueueDeclaration(
                name, durable, exclusive, autoDelete, FieldTable.EMPTY, connection, loops.get(0))));
    }

    private void declareQueue(String name, FieldTable arguments) {
        await(vhost.declareQueue(new QueueDeclaration(name, true, false, false, arguments, ME, loops.get(0))));
    }

    private static FieldTable arguments(int version) {
        return FieldTable.EMPTY.with("x-queue-version", FieldValue.of(version));
    }

    private void bind(String source, String destination, boolean toQueue, String key) {
        bind(source, destination, toQueue, key, FieldTable.EMPTY);
    }

    private void bind(String source, String destination, boolean toQueue, String key, FieldTable arguments) {
        await(vhost.bind(new BindingRequest(source, destination, toQueue, key, arguments, ME)));
    }

    private void unbind(String source, String destination, boolean toQueue, String key) {
        await(vhost.unbind(new BindingRequest(source, destination, toQueue, key, FieldTable.EMPTY, ME)));
    }

    private static BindingRequest binding(String source, String queue, Object connection) {
        return new BindingRequest(source, queue, true, "", FieldTable.EMPTY, connection);
    }

    private <T> T await(CompletableFuture<T> future) {
        try {
            return loops.await(future);
        } catch (CompletionException e) {
            if (e.getCause() instanceof AmqpError error) {
                throw error;
            }
            throw e;
        }
    }

    private static void assertRefused(ThrowingCallable request, String text) {
        assertThat(refused(request).replyText()).isEqualTo(text);
    }

    private static AmqpError refused(ThrowingCallable request) {
        AmqpError[] error = new AmqpError[1];
        assertThatExceptionOfType(AmqpError.class).isThrownBy(request).satisfies(thrown -> error[0] = thrown);
        return error[0];
    }
}
