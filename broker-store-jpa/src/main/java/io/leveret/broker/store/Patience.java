package io.leveret.broker.store;

import jakarta.persistence.PersistenceException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tries again what fails because the database can't be reached, for a bounded time. */
final class Patience {
    private static final long PAUSE_MILLIS = 100;

    private final long deadlineNanos;

    Patience(Duration time) {
        deadlineNanos = System.nanoTime() + time.toNanos();
    }

    /** @throws PersistenceException the last failure, when it is not one that may pass or there is no time left */
    <T> T untilDone(Supplier<T> attempt) {
        while (true) {
            try {
                return attempt.get();
            } catch (PersistenceException e) {
                if (!Failures.mayPass(e) || !pause()) {
                    throw e;
                }
            }
        }
    }

    /** Waits before the next attempt; false if there is none. */
    boolean pause() {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(Math.min(PAUSE_MILLIS, TimeUnit.NANOSECONDS.toMillis(left) + 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
