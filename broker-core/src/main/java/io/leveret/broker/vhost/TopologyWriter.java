package io.leveret.broker.vhost;

import io.leveret.broker.loop.Uninterrupted;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that changes definitions: exchanges, queues, bindings, users. Changes run one after another, may wait for
 * the definition store and for the loop of a queue, and are never waited for by an event loop.
 */
public final class TopologyWriter implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final ExecutorService thread;

    public TopologyWriter(String brokerName) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, "broker-" + brokerName + "-topology");
            created.setDaemon(true);
            return created;
        });
    }

    /**
     * Runs a change on the writer thread; any thread.
     *
     * @return completes on the writer thread, exceptionally with what the change threw
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(Supplier<T> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(change.get());
                } catch (RuntimeException | Error e) {
                    // whoever waits has to hear of it, also when it is a bug
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(closed);
        }
        return result;
    }

    /** Finishes what was submitted, for at most five seconds. */
    @Override
    public void close() {
        CompletableFuture<Boolean> last = submit(() -> true);
        thread.shutdown();
        try {
            Uninterrupted.get(last, TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (TimeoutException e) {
            thread.shutdownNow();
        } catch (ExecutionException closedBefore) {
            // there is nothing to wait for
        }
    }
}
