package io.leveret.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.definition.NoSuchDefinitionException;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.policy.PolicyTarget;
import io.leveret.broker.policy.QueuePolicy;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.leveret.broker.vhost.QueueDeclaration;
import io.leveret.broker.vhost.VirtualHost;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What changes of policies do to the queues and exchanges of a virtual host, and what is left of them after a restart. */
class PolicyChangeTests {
    private static final int MANY = 10_000;

    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final InMemoryDefinitionStore store = new InMemoryDefinitionStore();
    private Broker broker = start();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void reachesLivingQueuesAndIsUndone() {
        QueueRef queue = declare("q");
        put("p", "^q$", 0, Map.of("max-length", 1L));
        assertThat(maxLength(queue)).isEqualTo(1);
        assertThat(queue.policy().name()).isEqualTo("p");
        put("p", "^q$", 0, Map.of("max-length", 2L));
        assertThat(maxLength(queue)).isEqualTo(2);
        put("p", "^other$", 0, Map.of("max-length", 2L));
        assertThat(maxLength(queue)).isEqualTo(-1);
        put("p", "^q$", 0, Map.of("max-length", 3L));
        clear("p");
        assertThat(maxLength(queue)).isEqualTo(-1);
        assertThat(queue.policy()).isEqualTo(QueuePolicy.NONE);
    }

    @Test
    void completesWhenTheQueueGoesByItNotBefore() {
        QueueRef queue = declare("q");
        CompletableFuture<Void> change = broker.putPolicy(policy("p", "", 0, Map.of("max-length", 1L)));
        // the writer is done when it answers the next question
        broker.putVirtualHost("/").join();
        assertThat(change).isNotDone();
        loops.await(change);
        assertThat(maxLength(queue)).isEqualTo(1);
    }

    @Test
    void reachesQueuesDeclaredLaterBeforeTheirLoopKnowsThem() {
        put("p", "", 0, Map.of("max-length", 1L));
        QueueRef queue = declare("q");
        assertThat(maxLength(queue)).isEqualTo(1);
    }

    @Test
    void operatorPoliciesAreMergedIn() {
        QueueRef queue = declare("q");
        put("p", "", 0, Map.of("max-length", 5L));
        await(broker.putPolicy(new Definition.Policy("/", "o", true, "", "queues", 0, Map.of("max-length", 3L))));
        assertThat(maxLength(queue)).isEqualTo(3);
        assertThat(queue.policy().operatorName()).isEqualTo("o");
        await(broker.clearPolicy("/", "o", true));
        assertThat(maxLength(queue)).isEqualTo(5);
    }

    @Test
    void leavesQueuesAloneForWhichNothingChanges() {
        QueueRef queue = declare("q");
        put("p", "^q$", 1, Map.of("max-length", 1L));
        QueuePolicy before = queue.policy();
        put("lower", "^q$", 0, Map.of("max-length", 5L));
        put("elsewhere", "^x", 7, Map.of("max-length", 5L));
        assertThat(queue.policy()).isSameAs(before);
    }

    @Test
    void reachesExchangesAndTellsRememberedRoutes() {
        Exchange exchange = declareExchange("e", FieldTable.EMPTY);
        long version = vhost().version();
        put("p", "^e$", 0, Map.of("alternate-exchange", "a"));
        assertThat(exchange.alternateExchange()).isEqualTo("a");
        assertThat(vhost().version()).isGreaterThan(version);
        version = vhost().version();
        put("q", "^e$", -1, Map.of("alternate-exchange", "b"));
        assertThat(vhost().version()).as("nothing changed").isEqualTo(version);
        clear("p");
        assertThat(exchange.alternateExchange()).isEqualTo("b");
        assertThat(vhost().version()).isGreaterThan(version);
        clear("q");
        assertThat(exchange.alternateExchange()).isNull();
        assertThat(declareWithAlternatePolicy().alternateExchange()).isEqualTo("a");
    }

    private Exchange declareWithAlternatePolicy() {
        put("p", "^later$", 0, Map.of("alternate-exchange", "a"));
        return declareExchange("later", FieldTable.EMPTY);
    }

    @Test
    void argumentOfAnExchangeStaysOnTop() {
        Exchange exchange =
                declareExchange("e", FieldTable.EMPTY.with("alternate-exchange", FieldValue.of("argument")));
        long version = vhost().version();
        put("p", "", 0, Map.of("alternate-exchange", "policy"));
        assertThat(exchange.alternateExchange()).isEqualTo("argument");
        assertThat(vhost().requireExchange("").alternateExchange()).isNull();
        assertThat(vhost().requireExchange("amq.topic").alternateExchange()).isEqualTo("policy");
        assertThat(vhost().version()).isGreaterThan(version);
    }

    @Test
    void comesBackAfterARestartBeforeTheFirstMessage() {
        declare("q");
        declareExchange("e", FieldTable.EMPTY);
        put("p", "", 3, Map.of("max-length", 1L, "alternate-exchange", "a"));
        await(broker.putPolicy(new Definition.Policy("/", "o", true, "", "queues", 0, Map.of("expires", 9_000L))));
        restart();
        QueueRef queue = vhost().requireQueue("q");
        assertThat(queue.policy()).isEqualTo(new QueuePolicy("p", "o", 9_000, -1, null, null, 1, -1, null));
        assertThat(maxLength(queue)).isEqualTo(1);
        assertThat(vhost().requireExchange("e").alternateExchange()).isEqualTo("a");
        assertThat(vhost().requireExchange("amq.direct").alternateExchange()).isEqualTo("a");
        assertThat(vhost().policies().effectiveDefinition(PolicyTarget.CLASSIC_QUEUE, "q"))
                .isEqualTo(Map.of("max-length", 1L, "alternate-exchange", "a", "expires", 9_000L));
        clear("p");
        restart();
        assertThat(vhost().policies().list(false)).isEmpty();
        assertThat(vhost().policies().list(true)).hasSize(1);
    }

    @Test
    void refusesWithoutAnyEffect() {
        assertThatThrownBy(() -> put("p", "", 0, Map.of("foo", 1L)))
                .hasCauseInstanceOf(InvalidDefinitionException.class);
        assertThatThrownBy(() -> await(broker.putPolicy(
                        new Definition.Policy("none", "p", false, "", "all", 0, Map.of("max-length", 1L)))))
                .hasCauseInstanceOf(NoSuchDefinitionException.class)
                .hasMessageContaining("Virtual host 'none' does not exist");
        assertThatThrownBy(() -> clear("p"))
                .hasCauseInstanceOf(NoSuchDefinitionException.class)
                .hasMessageContaining("Parameter does not exist");
        assertThat(store.load()).noneMatch(Definition.Policy.class::isInstance);
    }

    @Test
    void tenThousandQueuesHoldTheWriterUpForLittle() {
        for (int i = 0; i < MANY; i++) {
            vhost().declareQueue(new QueueDeclaration(
                    "queue-number-" + i, false, false, false, FieldTable.EMPTY, null, loops.get(i % 2)));
        }
        for (int i = 0; i < 50; i++) {
            broker.putPolicy(policy("other-" + i, "^others?-[0-9]+-" + i + "$", i, Map.of("max-length", 1L)));
        }
        broker.putVirtualHost("/").join();
        loops.runAll();

        long start = System.nanoTime();
        CompletableFuture<Void> change =
                broker.putPolicy(policy("p", "^queue-.*[0-9]$", 100, Map.of("max-length", 1L)));
        broker.putVirtualHost("/").join();
        Duration held = Duration.ofNanos(System.nanoTime() - start);

        loops.await(change);
        assertThat(vhost().queues())
                .hasSize(MANY)
                .allMatch(queue -> "p".equals(queue.policy().name()));
        assertThat(held).isLessThan(Duration.ofSeconds(1));
    }

    private Broker start() {
        return Broker.start(BrokerConfig.defaults("test"), loops, store);
    }

    private void restart() {
        broker.close();
        broker = start();
    }

    private VirtualHost vhost() {
        VirtualHost vhost = broker.virtualHost("/");
        assertThat(vhost).isNotNull();
        return vhost;
    }

    private QueueRef declare(String name) {
        return await(vhost().declareQueue(
                        new QueueDeclaration(name, true, false, false, FieldTable.EMPTY, null, loops.get(0))));
    }

    private Exchange declareExchange(String name, FieldTable arguments) {
        return await(vhost().declareExchange(new ExchangeDeclaration(name, "direct", true, false, false, arguments)));
    }

    private static Definition.Policy policy(String name, String pattern, int priority, Map<String, Object> definition) {
        return new Definition.Policy("/", name, false, pattern, "all", priority, definition);
    }

    private void put(String name, String pattern, int priority, Map<String, Object> definition) {
        await(broker.putPolicy(policy(name, pattern, priority, definition)));
    }

    private void clear(String name) {
        await(broker.clearPolicy("/", name, false));
    }

    private long maxLength(QueueRef queue) {
        return await(queue.submit(owned -> owned.onAskSettings().maxLength()));
    }

    private <T> T await(CompletableFuture<T> future) {
        return loops.await(future);
    }
}
