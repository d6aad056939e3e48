package io.leveret.broker.channel;

import io.leveret.broker.BootDefinitions;
import io.leveret.broker.Broker;
import io.leveret.broker.BrokerConfig;
import io.leveret.broker.auth.User;
import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.definition.InMemoryDefinitionStore;
import io.leveret.broker.error.AmqpErrors;
import io.leveret.broker.journal.MessageJournal;
import io.leveret.broker.loop.ManualEventLoops;
import io.leveret.broker.vhost.VirtualHost;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A broker with two loops that only run when told to. A queue lives on the loop of the connection that declared it. */
final class TestBroker implements AutoCloseable {
    final ManualEventLoops loops;
    final Broker broker;

    TestBroker() {
        this(BrokerConfig.defaults("test"));
    }

    TestBroker(BrokerConfig config) {
        this(config, new InMemoryDefinitionStore(), null);
    }

    /** One that keeps its definitions and messages. */
    TestBroker(BrokerConfig config, DefinitionStore definitions, @Nullable MessageJournal messages) {
        this(config, new ManualEventLoops(2), definitions, messages);
    }

    /** The same with loops of which there are two. */
    TestBroker(
            BrokerConfig config,
            ManualEventLoops loops,
            DefinitionStore definitions,
            @Nullable MessageJournal messages) {
        this.loops = loops;
        broker = Broker.start(config, loops, definitions, messages, BootDefinitions.NONE, List.of());
        loops.runAll();
    }

    VirtualHost vhost() {
        VirtualHost vhost = broker.virtualHost("/");
        if (vhost == null) {
            throw new AssertionError("no virtual host");
        }
        return vhost;
    }

    /** Connects as guest on a loop. */
    TestClient connect(int loop) {
        return connect(loop, "guest");
    }

    TestClient connect(int loop, String name) {
        User user = broker.users().current().user(name).orElseThrow();
        return new TestClient(this, loops.get(loop), user);
    }

    void runAll() {
        loops.runAll();
    }

    /** Steps the loops until a future is complete; throws what it failed with, unwrapped. */
    <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        try {
            T value = loops.await(future);
            loops.runAll();
            return value;
        } catch (CompletionException e) {
            throw AmqpErrors.unwrap(e);
        }
    }

    @Override
    public void close() {
        loops.await(CompletableFuture.runAsync(broker::close));
    }
}
