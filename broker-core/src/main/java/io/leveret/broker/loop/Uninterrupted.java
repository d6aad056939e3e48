package io.leveret.broker.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waiting while a broker stops, which is done in order also on a thread that is interrupted: a context that fails because
 * somebody interrupts it closes its beans on that thread, and the store must not close while it is being written to.
 */
public final class Uninterrupted {
    private Uninterrupted() {}

    /**
     * Waits for a bounded time, whether the thread is interrupted or not; if it was, it still is when this returns.
     *
     * @throws ExecutionException with what the future failed with
     * @throws TimeoutException if it is not complete by then
     */
    public static <T extends @Nullable Object> T get(CompletableFuture<T> future, long millis)
            throws ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
