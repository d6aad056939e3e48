package io.leveret.broker.limit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Looks at something from time to time, on a thread of its own that may have to wait for what it looks at, and in between
 * when somebody asks. The thread starts with the first look. Its methods may be called by any thread.
 */
final class Watch implements AutoCloseable {
    private final Runnable look;
    private final LongSupplier intervalMillis;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean asked = new AtomicBoolean();

    /** @param intervalMillis asked after each look for the time until the next */
    Watch(String threadName, Runnable look, LongSupplier intervalMillis) {
        this.look = look;
        this.intervalMillis = intervalMillis;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread created = new Thread(task, threadName);
            created.setDaemon(true);
            return created;
        });
    }

    /** Looks from now on. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            submit(this::lookAgainAndAgain);
        }
    }

    boolean hasBegun() {
        return begun.get();
    }

    private void lookAgainAndAgain() {
        try {
            look.run();
        } finally {
            // also after a failure: an alarm that is never looked at again would be worse
            if (!thread.isShutdown()) {
                thread.schedule(this::lookAgainAndAgain, intervalMillis.getAsLong(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Looks once more as soon as possible; does not wait for that. */
    void lookSoon() {
        if (asked.compareAndSet(false, true)) {
            submit(() -> {
                asked.set(false);
                look.run();
            });
        }
    }

    private void submit(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException closed) {
            // nobody looks any more
        }
    }

    /** Looks from now on, and once at once; completes after that look, exceptionally when closed. */
    CompletableFuture<Void> lookNow() {
        begin();
        try {
            return CompletableFuture.runAsync(look, thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(closed);
        }
    }

    /** Ends the thread without waiting for a look that is under way. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
