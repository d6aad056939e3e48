package io.leveret.broker.queue;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.TimerWheel;
import org.jspecify.annotations.Nullable;

/** Lets a queue go that nobody has used for as long as its setting {@code expires} says. Owned by the queue's loop. */
final class IdleExpiry {
    private final EventLoop loop;
    private final Runnable onIdle;
    private TimerWheel.@Nullable Timer timer;

    IdleExpiry(EventLoop loop, Runnable onIdle) {
        this.loop = loop;
        this.onIdle = onIdle;
    }

    /**
     * Begins to wait anew.
     *
     * @param expiresMillis -1 for not at all
     */
    void restart(long expiresMillis) {
        if (expiresMillis < 0) {
            stop();
            return;
        }
        if (timer == null) {
            timer = loop.timers().timer(onIdle);
        }
        timer.arm(expiresMillis);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
