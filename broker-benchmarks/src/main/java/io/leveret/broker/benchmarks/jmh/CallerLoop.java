package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.TimerWheel;
import java.util.concurrent.TimeUnit;

/** A loop that is whatever thread calls it, so that a benchmark's thread owns everything. */
final class CallerLoop implements EventLoop {
    private final TimerWheel timers = new TimerWheel(this);

    @Override
    public int index() {
        return 0;
    }

    @Override
    public boolean inEventLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Timeout schedule(Runnable task, long delayMillis) {
        // no benchmark runs long enough for its messages to expire
        return () -> {};
    }

    @Override
    public long nowMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public TimerWheel timers() {
        return timers;
    }
}
