package io.leveret.broker.benchmarks.jmh;

import io.leveret.broker.loop.EventLoop;

/** A loop that is whatever thread calls it, so that a benchmark's thread owns everything. */
final class CallerLoop implements EventLoop {

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
        throw new UnsupportedOperationException("nothing here waits");
    }

    @Override
    public long nowMillis() {
        return System.currentTimeMillis();
    }
}
