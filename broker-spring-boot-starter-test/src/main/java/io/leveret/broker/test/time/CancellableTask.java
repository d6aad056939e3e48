package io.leveret.broker.test.time;

import io.leveret.broker.loop.EventLoop;

/** A task that takes its turn all the same when it is cancelled, and does nothing then. */
final class CancellableTask implements Runnable, EventLoop.Timeout {
    private final Runnable task;
    private volatile boolean cancelled;

    CancellableTask(Runnable task) {
        this.task = task;
    }

    @Override
    public void run() {
        if (!cancelled) {
            task.run();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
