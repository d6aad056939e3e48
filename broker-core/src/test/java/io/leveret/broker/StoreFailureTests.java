package io.leveret.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.RecordingTarget;
import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.DefinitionChange;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.loop.ManualEventLoop;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Messages;
import io.leveret.broker.queue.QueueCounts;
import io.leveret.broker.queue.QueueRef;
import io.leveret.broker.vhost.BindingRequest;
import io.leveret.broker.vhost.ExchangeDeclaration;
import io.leveret.broker.vhost.QueueDeclaration;
import io.leveret.broker.vhost.VirtualHost;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can't be stored does not happen. */
class StoreFailureTests {
    private static final String TEXT = " because the metadata store operation failed";

    private final ManualEventLoops loops = new ManualEventLoops(2);
    private final FailingStore store = new FailingStore();
    private final Broker broker = Broker.start(BrokerConfig.defaults("test"), loops, store);
    private final VirtualHost vhost = find(broker);

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void whatCannotBeStoredIsNotDeclared() {
        long version = vhost.version();
        assertFails(() -> declareExchange("e", false), "Could not declare exchange 'e' in vhost '/'" + TEXT);
        assertFails(() -> declareQueue("q", true, false, null), "Could not declare queue 'q' in vhost '/'" + TEXT);
        assertThat(vhost.exchange("e")).isNull();
        assertThat(vhost.queue("q")).isNull();
        assertThat(vhost.version()).isEqualTo(version);
        await(declareQueue("transient", false, false, null));
    }

    @Test
    void whatCannotBeStoredIsNeitherBoundNorUnbound() {
        await(declareQueue("q", true, false, null));
        assertFails(
                () -> bind("amq.direct", "q", true),
                "Could not add binding from 'amq.direct' to 'q' with key 'k'" + TEXT);
        assertThat(vhost.requireExchange("amq.direct").hasBindings()).isFalse();
        await(bind("amq.direct", "q", true));
        assertFails(
                () -> unbind("amq.direct", "q", true),
                "Could not remove binding from 'amq.direct' to 'q' with key 'k'" + TEXT);
        assertThat(vhost.requireExchange("amq.direct").hasBindings()).isTrue();
        assertAgreement();
    }

    @Test
    void anExchangeStaysWithAllThatHangsOnIt() {
        await(declareExchange("first", true));
        await(declareExchange("second", true));
        await(declareQueue("q", true, false, null));
        await(bind("first", "second", false));
        await(bind("second", "q", true));
        long version = vhost.version();

        assertFails(
                () -> vhost.deleteExchange("second", false), "Could not delete exchange 'second' in vhost '/'" + TEXT);
        assertFails(
                () -> unbind("second", "q", true), "Could not remove binding from 'second' to 'q' with key 'k'" + TEXT);
        assertThat(vhost.version()).isEqualTo(version);
        assertThat(vhost.requireExchange("first").bindings()).hasSize(1);
        assertThat(vhost.requireExchange("second").bindings()).hasSize(1);
        assertAgreement();

        await(unbind("second", "q", true));
        assertThat(vhost.exchange("first")).isNull();
        assertAgreement();
    }

    @Test
    void aQueueStaysWithItsMessagesAndConsumers() {
        QueueRef queue = await(declareQueue("q", true, false, null));
        await(bind("amq.fanout", "q", true));
        RecordingTarget target = new RecordingTarget();
        Consumer consumer = new Consumer(target, false, false, 0, 0, null);
        on(queue, () -> {
            queue.owned().onConsume(consumer);
            queue.owned().onEnqueue(Messages.of("a"));
        });
        assertFails(() -> vhost.deleteQueue("q", false, false, null), "Could not delete queue 'q' in vhost '/'" + TEXT);
        assertThat(vhost.queue("q")).isSameAs(queue);
        on(queue, () -> queue.owned().onCredit(consumer, 10));
        assertThat(target.bodies()).containsExactly("a");
        assertThat(target.cancellations).isZero();
        assertAgreement();

        assertThat(await(vhost.deleteQueue("q", false, false, null))).isZero();
        assertThat(target.cancellations).isEqualTo(1);
        assertThat(vhost.requireExchange("amq.fanout").hasBindings()).isFalse();
        assertAgreement();
    }

    @Test
    void aRefusedDeletionDoesNotReachTheStore() {
        QueueRef queue = await(declareQueue("q", true, false, null));
        on(queue, () -> queue.owned().onEnqueue(Messages.of("a")));
        store.failing = true;
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> await(vhost.deleteQueue("q", false, true, null)))
                .withMessage("queue 'q' in vhost '/' not empty");
        store.failing = false;
        assertThat(vhost.queue("q")).isSameAs(queue);
    }

    @Test
    void anAutoDeleteQueueStaysAndGoesWithItsNextLastConsumer() {
        QueueRef queue = await(declareQueue("q", true, true, null));
        leave(queue);
        on(queue, () -> queue.owned().onEnqueue(Messages.of("a")));
        assertFails(() -> vhost.deleteClosed(queue), "Could not delete queue 'q' in vhost '/'" + TEXT);
        await(vhost.deleteClosed(queue));
        assertThat(vhost.queue("q")).as("open again, so nobody deletes it").isSameAs(queue);
        assertThat(counts(queue).ready()).isEqualTo(1);
        assertAgreement();

        leave(queue);
        assertFails(() -> declareQueue("q", true, true, null), "Could not delete queue 'q' in vhost '/'" + TEXT);
        leave(queue);
        QueueRef anew = await(declareQueue("q", true, true, null));
        assertThat(anew).isNotSameAs(queue);
        assertThat(queue.isGone()).isTrue();
        assertAgreement();
    }

    @Test
    void aQueueThatExpiresIsDeletedWhenTheStoreWorksAgain() {
        FieldTable expires = FieldTable.EMPTY.with("x-expires", FieldValue.of(1_000));
        QueueRef queue =
                await(vhost.declareQueue(new QueueDeclaration("q", true, false, false, expires, null, loops.get(0))));
        on(queue, () -> queue.owned().onEnqueue(Messages.of("a")));
        store.failing = true;
        pass(1_100);
        assertThat(store.refused).isEqualTo(1);
        assertThat(vhost.queue("q")).isSameAs(queue);
        assertThat(counts(queue).ready()).isEqualTo(1);
        store.failing = false;
        pass(1_100);
        assertThat(vhost.queue("q")).isNull();
        assertAgreement();
    }

    @Test
    void exclusiveQueuesGoWithTheirConnectionWhateverTheStoreDoes() {
        Object connection = new Object();
        await(declareExchange("e", true));
        QueueRef own = await(declareQueue("own", true, false, connection));
        await(vhost.bind(new BindingRequest("e", "own", true, "k", FieldTable.EMPTY, connection)));
        assertFails(() -> vhost.deleteQueues(List.of(own)), "Could not delete [queue 'own' in vhost '/']" + TEXT);
        assertThat(vhost.queue("own")).isNull();
        assertThat(own.isGone()).isTrue();
        assertThat(vhost.requireExchange("e").hasBindings()).isFalse();
        assertAgreement();
    }

    @Test
    void aVirtualHostStaysWithEverythingInIt() {
        VirtualHost doomed = await(broker.putVirtualHost("v"));
        await(broker.putPermission("guest", "v", "a", "b", "c"));
        QueueRef queue = await(doomed.declareQueue(
                new QueueDeclaration("q", true, false, false, FieldTable.EMPTY, null, loops.get(0))));
        on(queue, () -> queue.owned().onEnqueue(Messages.of("a")));
        int stored = store.load().size();
        store.failing = true;
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> await(broker.deleteVirtualHost("v")));
        store.failing = false;
        assertThat(broker.virtualHost("v")).isSameAs(doomed);
        assertThat(doomed.isDeleted()).isFalse();
        assertThat(counts(queue).ready()).isEqualTo(1);
        assertThat(broker.users().mayAccess("guest", "v")).isTrue();
        assertThat(store.load()).hasSize(stored);
        await(doomed.declareQueue(new QueueDeclaration("r", true, false, false, FieldTable.EMPTY, null, loops.get(0))));

        await(broker.deleteVirtualHost("v"));
        assertThat(queue.isGone()).isTrue();
        assertThat(broker.virtualHost("v")).isNull();
    }

    @Test
    void memoryAndStoreAgreeWhateverFails() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int step = 0; step < 2_000; step++) {
            store.failing = random.nextInt(3) == 0;
            try {
                change(random);
            } catch (AmqpError expected) {
                assertThat(expected.replyCode()).as("seed %d", seed).isNotEqualTo(ReplyCode.NOT_FOUND);
            }
            if (step % 20 == 0) {
                store.failing = false;
                assertAgreement();
            }
        }
    }

    private void change(Random random) {
        String exchange = "e" + random.nextInt(4);
        String other = "e" + random.nextInt(4);
        String queue = "q" + random.nextInt(4);
        boolean toQueue = random.nextBoolean();
        String destination = toQueue ? queue : other;
        QueueRef known = vhost.queue(queue);
        switch (random.nextInt(8)) {
            case 0, 1 -> await(declareExchange(exchange, exchange.compareTo("e2") < 0));
            case 2, 3 -> await(declareQueue(queue, !queue.equals("q0"), queue.equals("q1"), null));
            case 4 -> {
                if (vhost.exchange(exchange) != null
                        && (toQueue ? known != null : vhost.exchange(destination) != null)) {
                    await(bind(exchange, destination, toQueue));
                }
            }
            case 5 -> await(unbind(exchange, destination, toQueue));
            case 6 -> await(vhost.deleteExchange(exchange, false));
            default -> {
                if (known != null && known.isAutoDelete()) {
                    leave(known);
                    await(vhost.deleteClosed(known));
                } else {
                    await(vhost.deleteQueue(queue, false, false, null));
                }
            }
        }
    }

    /** A consumer comes and goes. */
    private void leave(QueueRef queue) {
        Consumer consumer = new Consumer(new RecordingTarget(), false, false, 0, 0, null);
        on(queue, () -> {
            queue.owned().onConsume(consumer);
            assertThat(queue.owned().onCancel(consumer)).isTrue();
        });
    }

    /** Lets time pass, and the writer finish what that brings about. */
    private void pass(long millis) {
        loops.all().forEach(loop -> loop.advance(millis));
        loops.runAll();
        await(broker.putVirtualHost("/"));
        loops.runAll();
    }

    private QueueCounts counts(QueueRef queue) {
        return await(queue.submit(owned -> owned.onCounts()));
    }

    private static void on(QueueRef queue, Runnable work) {
        ((ManualEventLoop) queue.loop()).run(work);
    }

    /** A broker that starts now has what this one has, but for what is transient. */
    private void assertAgreement() {
        InMemoryDefinitionStore copy = new InMemoryDefinitionStore();
        copy.apply(store.load().stream()
                .<DefinitionChange>map(DefinitionChange.Put::new)
                .toList());
        try (Broker restarted = Broker.start(BrokerConfig.defaults("restarted"), loops, copy)) {
            assertThat(describe(find(restarted))).isEqualTo(describe(vhost));
        }
    }

    private static Set<String> describe(VirtualHost vhost) {
        Set<String> all = new TreeSet<>();
        for (Exchange exchange : vhost.exchanges()) {
            all.add(exchange.toString());
            for (Binding binding : exchange.bindings()) {
                if (!(binding.destination() instanceof QueueRef queue) || queue.isDurable()) {
                    all.add(binding.toString());
                }
            }
        }
        vhost.queues().stream().filter(QueueRef::isDurable).forEach(queue -> all.add(queue.toString()));
        return all;
    }

    private CompletableFuture<Exchange> declareExchange(String name, boolean autoDelete) {
        return vhost.declareExchange(
                new ExchangeDeclaration(name, "direct", true, autoDelete, false, FieldTable.EMPTY));
    }

    private CompletableFuture<QueueRef> declareQueue(
            String name, boolean durable, boolean autoDelete, @Nullable Object owner) {
        return vhost.declareQueue(
                new QueueDeclaration(name, durable, owner != null, autoDelete, FieldTable.EMPTY, owner, loops.get(0)));
    }

    private CompletableFuture<Void> bind(String source, String destination, boolean toQueue) {
        return vhost.bind(new BindingRequest(source, destination, toQueue, "k", FieldTable.EMPTY, null));
    }

    private CompletableFuture<Void> unbind(String source, String destination, boolean toQueue) {
        return vhost.unbind(new BindingRequest(source, destination, toQueue, "k", FieldTable.EMPTY, null));
    }

    private void assertFails(Supplier<CompletableFuture<?>> change, String text) {
        store.failing = true;
        assertThatExceptionOfType(AmqpError.class)
                .isThrownBy(() -> await(change.get()))
                .satisfies(error -> assertThat(error.isHard()).isTrue())
                .satisfies(error -> assertThat(error.replyText()).isEqualTo("INTERNAL_ERROR - " + text));
        store.failing = false;
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        try {
            return loops.await(future);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static VirtualHost find(Broker broker) {
        VirtualHost found = broker.virtualHost("/");
        assertThat(found).isNotNull();
        return found;
    }

    private static final class FailingStore implements DefinitionStore {
        private final InMemoryDefinitionStore kept = new InMemoryDefinitionStore();
        private volatile boolean failing;
        private volatile int refused;

        @Override
        public List<Definition> load() {
            return kept.load();
        }

        @Override
        public void apply(List<DefinitionChange> changes) {
            if (failing) {
                refused++;
                throw new IllegalStateException("the disk is full");
            }
            kept.apply(changes);
        }

        @Override
        public void close() {}
    }
}
