package io.leveret.broker.journal;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time in which commits fail: how long to wait before the next attempt, and what the log says: once at first, then once a
 * minute, and once when it is over. Owned by the journal's thread.
 */
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long LONGEST_DELAY_MILLIS = 2_000;
    private static final long LOG_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private int failures;
    private long beganNanos;
    private long loggedNanos;

    /**
     * An attempt has failed.
     *
     * @return how many milliseconds to wait before the next one
     */
    long onFailure(RuntimeException failure, long nowNanos) {
        if (failures == 0) {
            beganNanos = nowNanos;
        }
        if (failures == 0 || nowNanos - loggedNanos >= LOG_EVERY_NANOS) {
            loggedNanos = nowNanos;
            // the stack is of use only for what nobody has foreseen
            @Nullable RuntimeException unforeseen = failure instanceof JournalException ? null : failure;
            log.atError()
                    .setCause(unforeseen)
                    .addKeyValue("failures", failures + 1)
                    .addKeyValue("reason", reason(failure))
                    .log("the journal can't commit; publishers wait for their confirms while it tries again");
        }
        failures++;
        return Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures - 1, 16));
    }

    private static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            reason.append(": ").append(cause.getMessage());
        }
        return reason.toString();
    }

    /** An attempt has not failed. */
    void onSuccess(long nowNanos) {
        if (failures == 0) {
            return;
        }
        log.atInfo()
                .addKeyValue("failures", failures)
                .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nowNanos - beganNanos))
                .log("the journal commits again");
        failures = 0;
    }
}
