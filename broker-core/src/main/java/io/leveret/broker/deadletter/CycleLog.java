package io.leveret.broker.deadletter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells about messages that were not sent on in a circle, once a minute at most. Of one loop. */
final class CycleLog {
    private static final Logger LOG = LoggerFactory.getLogger(CycleLog.class);
    private static final long INTERVAL_MILLIS = 60_000;

    private boolean begun;
    private long nextMillis;
    private long untold;

    /**
     * A dead letter was kept from a queue.
     *
     * @return whether it was told
     */
    boolean dropped(String vhost, String from, String to, long nowMillis) {
        if (begun && nowMillis < nextMillis) {
            untold++;
            return false;
        }
        LOG.atWarn()
                .addKeyValue("vhost", vhost)
                .addKeyValue("queue", from)
                .log(
                        "A message that died in queue '{}' of vhost '{}' was not sent to queue '{}': it has been there"
                                + " before, and no consumer has rejected it since ({} more since the last such line)",
                        from,
                        vhost,
                        to,
                        untold);
        begun = true;
        nextMillis = nowMillis + INTERVAL_MILLIS;
        untold = 0;
        return true;
    }
}
