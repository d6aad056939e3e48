package io.leveret.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.definition.RuntimeParameters;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.limit.NodeLimits;
import io.leveret.broker.limit.UserLimits;
import io.leveret.broker.limit.VirtualHostLimits;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.leveret.broker.vhost.QueueDeclaration;
import io.leveret.broker.vhost.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters, limits, and what is said of virtual hosts: what counts, what is refused, what survives a restart. */
class DefinitionChangeTests {
    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final InMemoryDefinitionStore store = new InMemoryDefinitionStore();
    private BrokerConfig config = BrokerConfig.defaults("test");
    private Broker broker = Broker.start(config, loops, store);

    @AfterEach
    void close() {
        broker.close();
    }

    // ---- limits

    @Test
    void limitsComeBackAfterARestartAndGoForGood() {
        broker.putVirtualHostLimit("/", "max-connections", 1).join();
        broker.putVirtualHostLimit("/", "max-queues", 2).join();
        broker.putUserLimit("guest", "max-connections", 3).join();
        broker.putUserLimit("guest", "max-channels", 4).join();
        restart();
        assertThat(broker.limits().ofVirtualHost("/")).isEqualTo(new VirtualHostLimits(1, 2));
        assertThat(broker.limits().ofUser("guest")).isEqualTo(new UserLimits(3, 4));
        broker.clearVirtualHostLimit("/", "max-connections").join();
        broker.clearUserLimit("guest", "max-channels").join();
        assertThat(broker.limits().ofVirtualHost("/")).isEqualTo(new VirtualHostLimits(-1, 2));
        restart();
        assertThat(broker.limits().ofVirtualHost("/")).isEqualTo(new VirtualHostLimits(-1, 2));
        assertThat(broker.limits().ofUser("guest")).isEqualTo(new UserLimits(3, -1));
        broker.clearVirtualHostLimits("/").join();
        restart();
        assertThat(broker.limits().ofVirtualHost("/")).isEqualTo(VirtualHostLimits.NONE);
    }

    @Test
    void refusesLimitsOfNobodyAndUnknownOnes() {
        assertFails(NoSuchDefinitionException.class, broker.putVirtualHostLimit("none", "max-queues", 1));
        assertFails(NoSuchDefinitionException.class, broker.putUserLimit("nobody", "max-channels", 1));
        assertFails(InvalidDefinitionException.class, broker.putVirtualHostLimit("/", "max-channels", 1));
        assertFails(InvalidDefinitionException.class, broker.putUserLimit("guest", "max-queues", 1));
        assertFails(InvalidDefinitionException.class, broker.clearVirtualHostLimit("/", "max-channels"));
        assertFails(NoSuchDefinitionException.class, broker.clearVirtualHostLimits("none"));
        assertFails(InvalidDefinitionException.class, broker.clearUserLimit("guest", "max-queues"));
    }

    @Test
    void virtualHostHasAsManyQueuesAsItMayHave() {
        broker.putVirtualHostLimit("/", "max-queues", 1).join();
        declare("q", FieldTable.EMPTY);
        declare("q", FieldTable.EMPTY);
        assertRefused(
                () -> declare("r", FieldTable.EMPTY),
                "PRECONDITION_FAILED - cannot declare queue 'r': queue limit in vhost '/' (1) is reached");
        loops.await(vhost("/").deleteQueue("q", false, false, null));
        declare("r", FieldTable.EMPTY);
    }

    @Test
    void wrongArgumentsAreRefusedBeforeTheLimit() {
        broker.putVirtualHostLimit("/", "max-queues", 0).join();
        assertRefused(
                () -> declare("q", FieldTable.EMPTY.with("x-max-length", FieldValue.of(-1))),
                "PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'q' in vhost '/': {value_negative,-1}");
    }

    @Test
    void allVirtualHostsTogetherHaveAsManyQueuesAsTheNode() {
        config = BrokerConfig.builder("test")
                .limits(new NodeLimits(0, 0, 0, 2, 0))
                .build();
        restart();
        VirtualHost other = broker.putVirtualHost("other").join();
        declare("q", FieldTable.EMPTY);
        await(other.declareQueue(queue("q", FieldTable.EMPTY)));
        assertRefused(
                () -> declare("r", FieldTable.EMPTY),
                "PRECONDITION_FAILED - cannot declare queue 'r': queue limit in cluster (2) is reached");
        await(broker.deleteVirtualHost("other"));
        declare("r", FieldTable.EMPTY);
    }

    @Test
    void allVirtualHostsTogetherHaveAsManyExchangesAsTheNode() {
        config = BrokerConfig.builder("test")
                .limits(new NodeLimits(0, 0, 0, 0, 8))
                .build();
        restart();
        ExchangeDeclaration one = new ExchangeDeclaration("one", "direct", true, false, false, FieldTable.EMPTY);
        await(vhost("/").declareExchange(one));
        await(vhost("/").declareExchange(one));
        assertRefused(
                () -> await(vhost("/")
                        .declareExchange(
                                new ExchangeDeclaration("two", "direct", true, false, false, FieldTable.EMPTY))),
                "PRECONDITION_FAILED - cannot declare exchange 'two' in vhost '/': exchange limit of 8 is reached");
    }

    @Test
    void nodeHasAsManyVirtualHostsAsItMayHave() {
        config = BrokerConfig.builder("test")
                .limits(new NodeLimits(0, 0, 2, 0, 0))
                .build();
        restart();
        broker.putVirtualHost("two").join();
        broker.putVirtualHost("two").join();
        assertThatThrownBy(() -> broker.putVirtualHost("three").join())
                .hasRootCauseMessage("cannot create vhost 'three': vhost limit of 2 is reached");
        assertThat(broker.virtualHosts()).containsExactlyInAnyOrder("/", "two");
    }

    // ---- parameters

    @Test
    void parametersComeBackAfterARestart() {
        Definition.Parameter upstream =
                new Definition.Parameter("/", "federation-upstream", "up", Map.of("uri", "amqp://x"));
        Definition.Parameter global = new Definition.Parameter(null, RuntimeParameters.GLOBAL, "g", 7L);
        broker.putParameter(upstream).join();
        broker.putParameter(global).join();
        restart();
        assertThat(broker.parameters().list("/")).containsExactly(upstream);
        assertThat(broker.parameters().list(null)).containsExactly(global);
        broker.clearParameter("/", "federation-upstream", "up").join();
        broker.clearParameter(null, RuntimeParameters.GLOBAL, "g").join();
        restart();
        assertThat(broker.parameters().list("/")).isEmpty();
        assertThat(broker.parameters().list(null)).isEmpty();
    }

    @Test
    void operatorPoliciesAndLimitsAreParametersToo() {
        QueueRef queue = declare("q", FieldTable.EMPTY);
        await(broker.putParameter(new Definition.Parameter(
                "/",
                "operator_policy",
                "o",
                Map.of("pattern", "", "apply-to", "queues", "priority", 0L, "definition", Map.of("max-length", 3L)))));
        assertThat(queue.policy().maxLength()).isEqualTo(3);
        await(broker.putParameter(new Definition.Parameter("/", "vhost-limits", "limits", Map.of("max-queues", 1L))));
        assertThat(broker.limits().ofVirtualHost("/")).isEqualTo(new VirtualHostLimits(-1, 1));
        assertThat(broker.parameters().list("/")).isEmpty();
        await(broker.clearParameter("/", "operator_policy", "o"));
        await(broker.clearParameter("/", "vhost-limits", "limits"));
        assertThat(queue.policy().operatorName()).isNull();
        assertThat(broker.limits().ofVirtualHost("/")).isEqualTo(VirtualHostLimits.NONE);
    }

    @Test
    void refusesParametersThatMeanNothing() {
        assertFails(
                InvalidDefinitionException.class, broker.putParameter(new Definition.Parameter("/", "foo", "n", 1L)));
        assertFails(
                NoSuchDefinitionException.class,
                broker.putParameter(new Definition.Parameter("none", "shovel", "n", 1L)));
        assertFails(NoSuchDefinitionException.class, broker.clearParameter("/", "shovel", "n"));
        assertFails(NoSuchDefinitionException.class, broker.clearParameter("/", "operator_policy", "n"));
        assertFails(
                InvalidDefinitionException.class,
                broker.putParameter(new Definition.Parameter("/", "operator_policy", "n", 1L)));
    }

    // ---- virtual hosts

    @Test
    void whatIsSaidOfAVirtualHostCanBeChangedAndComesBack() {
        Definition.VirtualHost said = new Definition.VirtualHost("v", "for tests", Set.of("a", "b"), "classic");
        VirtualHost first = broker.putVirtualHost("v").join();
        assertThat(broker.putVirtualHost(said).join()).isSameAs(first);
        assertThat(first.metadata()).isEqualTo(said);
        broker.putVirtualHost("v").join();
        assertThat(first.metadata()).as("creating it again says nothing").isEqualTo(said);
        restart();
        assertThat(vhost("v").metadata()).isEqualTo(said);
        assertFails(
                InvalidDefinitionException.class,
                broker.putVirtualHost(new Definition.VirtualHost("v", "", Set.of(), "fast")));
    }

    @Test
    void deletingAVirtualHostLeavesNothingOfItBehind() {
        List<Definition> before = store.load();
        VirtualHost doomed = broker.putVirtualHost(new Definition.VirtualHost("v", "d", Set.of("t"), "classic"))
                .join();
        broker.putPermission("guest", "v", "", "", "").join();
        broker.putTopicPermission("guest", "v", "amq.topic", "", "").join();
        broker.putVirtualHostLimit("v", "max-queues", 5).join();
        broker.putVirtualHostLimit("v", "max-connections", 5).join();
        broker.putParameter(new Definition.Parameter("v", "shovel", "s", 1L)).join();
        await(broker.putPolicy(new Definition.Policy("v", "p", false, "", "all", 0, Map.of("max-length", 1L))));
        await(broker.putPolicy(new Definition.Policy("v", "p", true, "", "queues", 0, Map.of("max-length", 1L))));
        await(doomed.declareExchange(new ExchangeDeclaration("e", "topic", true, false, false, FieldTable.EMPTY)));
        QueueRef queue = await(doomed.declareQueue(queue("q", FieldTable.EMPTY)));
        await(doomed.declareQueue(
                new QueueDeclaration("auto", false, false, true, FieldTable.EMPTY, null, loops.get(1))));
        await(doomed.bind(new BindingRequest("e", "q", true, "k", FieldTable.EMPTY, null)));

        await(broker.deleteVirtualHost("v"));

        assertThat(store.load()).containsExactlyElementsOf(before);
        assertThat(queue.isDeleted()).isTrue();
        assertThat(broker.virtualHost("v")).isNull();
        assertThat(broker.users().mayAccess("guest", "v")).isFalse();
        assertThat(broker.limits().ofVirtualHost("v")).isEqualTo(VirtualHostLimits.NONE);
        assertThat(broker.parameters().list("v")).isEmpty();
        assertThat(doomed.queueCount()).isZero();
        assertThat(doomed.exchangeCount()).isZero();
        assertFails(NoSuchDefinitionException.class, broker.deleteVirtualHost("v"));
    }

    @Test
    void nothingCanBeDeclaredInADeletedVirtualHost() {
        VirtualHost doomed = broker.putVirtualHost("v").join();
        await(broker.deleteVirtualHost("v"));
        assertRefused(
                () -> await(doomed.declareQueue(queue("q", FieldTable.EMPTY))), "NOT_ALLOWED - vhost v not found");
        assertThat(store.load()).noneMatch(Definition.Queue.class::isInstance);
    }

    @Test
    void permissionsNeedTheirVirtualHost() {
        assertFails(NoSuchDefinitionException.class, broker.putPermission("guest", "none", "", "", ""));
        assertFails(NoSuchDefinitionException.class, broker.putTopicPermission("guest", "none", "amq.topic", "", ""));
    }

    @Test
    void deletingAUserTakesTheLimitsAlong() {
        broker.putUserLimit("guest", "max-channels", 1).join();
        broker.deleteUser("guest").join();
        assertThat(store.load()).containsExactly(Definition.VirtualHost.named("/"));
        assertThat(broker.limits().ofUser("guest")).isEqualTo(UserLimits.NONE);
    }

    // ---- the default type of queues

    @ParameterizedTest
    @CsvSource({
        "true, false, false, quorum",
        "false, false, false, classic",
        "true, true, false, classic",
        "true, false, true, classic"
    })
    void theDefaultTypeIsFilledInWhereItFitsTheFlags(
            boolean durable, boolean exclusive, boolean autoDelete, String expected) {
        broker.putVirtualHost(new Definition.VirtualHost("/", "", Set.of(), "quorum"))
                .join();
        QueueDeclaration declaration =
                new QueueDeclaration("q", durable, exclusive, autoDelete, FieldTable.EMPTY, this, loops.get(0));
        if (expected.equals("quorum")) {
            assertRefused(
                    () -> await(vhost("/").declareQueue(declaration)),
                    "NOT_IMPLEMENTED - queues of type 'quorum' are not supported: queue 'q' in vhost '/'");
        } else {
            assertThat(type(await(vhost("/").declareQueue(declaration)))).isEqualTo("classic");
        }
    }

    @Test
    void theVirtualHostsDefaultTypeGoesBeforeTheNodes() {
        config = BrokerConfig.builder("test").defaultQueueType("stream").build();
        restart();
        assertRefused(
                () -> declare("q", FieldTable.EMPTY),
                "NOT_IMPLEMENTED - queues of type 'stream' are not supported: queue 'q' in vhost '/'");
        broker.putVirtualHost(new Definition.VirtualHost("/", "", Set.of(), "classic"))
                .join();
        assertThat(type(declare("q", FieldTable.EMPTY))).isEqualTo("classic");
    }

    @Test
    void aTypeInTheDeclarationGoesBeforeAnyDefault() {
        broker.putVirtualHost(new Definition.VirtualHost("/", "", Set.of(), "quorum"))
                .join();
        FieldTable classic = FieldTable.EMPTY.with("x-queue-type", FieldValue.of("classic"));
        assertThat(type(declare("q", classic))).isEqualTo("classic");
        assertRefused(
                () -> declare("q", FieldTable.EMPTY),
                "PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'q' in vhost '/': received 'quorum' but"
                        + " current is 'classic'");
    }

    @Test
    void theMasterLocatorIsDeniedUnlessPermitted() {
        FieldTable locator = FieldTable.EMPTY.with("x-queue-master-locator", FieldValue.of("min-masters"));
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> declare("q", locator))
                .withMessageStartingWith("Feature `queue_master_locator` is deprecated.");
        config = BrokerConfig.builder("test").permitQueueMasterLocator(true).build();
        restart();
        assertThat(declare("q", locator).arguments().get("x-queue-master-locator"))
                .isEqualTo(FieldValue.of("min-masters"));
    }

    // ----

    private static String type(QueueRef queue) {
        FieldValue type = queue.arguments().get("x-queue-type");
        return type == null ? "" : type.asString();
    }

    private QueueRef declare(String name, FieldTable arguments) {
        return await(vhost("/").declareQueue(queue(name, arguments)));
    }

    private QueueDeclaration queue(String name, FieldTable arguments) {
        return new QueueDeclaration(name, true, false, false, arguments, null, loops.get(0));
    }

    private VirtualHost vhost(String name) {
        VirtualHost vhost = broker.virtualHost(name);
        assertThat(vhost).isNotNull();
        return vhost;
    }

    private void restart() {
        broker.close();
        broker = Broker.start(config, loops, store);
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

    private static void assertFails(Class<? extends Throwable> type, CompletableFuture<?> change) {
        assertThatThrownBy(change::join).hasCauseInstanceOf(type);
    }

    private static void assertRefused(ThrowingCallable request, String text) {
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(request)
                .satisfies(error -> assertThat(error.replyText()).isEqualTo(text));
    }
}
