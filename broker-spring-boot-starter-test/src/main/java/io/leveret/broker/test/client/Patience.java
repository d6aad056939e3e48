package io.leveret.broker.test.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait, by real time.
 *
 * @param longest at most so long, and one look at least
 */
record Patience(Duration longest) {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** The broker's threads answer at once or not at all. */
    private static final Duration FOR_AN_ANSWER = Duration.ofSeconds(10);

    /**
     * Looks until it is as wanted.
     *
     * @param problem what to say of what was there last; null if nothing was
     */
    <T> T await(Supplier<@Nullable T> look, Predicate<T> wanted, Function<@Nullable T, String> problem) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            T seen = look.get();
            if (seen != null && wanted.test(seen)) {
                return seen;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError(problem.apply(seen) + ", after " + text(longest));
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError(problem.apply(seen) + ", when the test was interrupted");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What a thread of the broker answers; that does not depend on what happens there. */
    static <T extends @Nullable Object> T answer(CompletableFuture<T> future, Duration atMost, String what) {
        Duration patience = atMost.compareTo(FOR_AN_ANSWER) > 0 ? atMost : FOR_AN_ANSWER;
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for " + what, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker could not tell " + what, e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker did not tell " + what + " within " + text(patience), e);
        }
    }

    private static String text(Duration time) {
        return time.toMillis() < 1_000 ? time.toMillis() + " ms" : time.toMillis() / 1_000.0 + " s";
    }
}
