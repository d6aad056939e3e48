package io.leveret.broker.relay;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.TimerWheel;

/** Has the place and the tasks of another loop, but never finds itself on it. */
record ElsewhereLoop(EventLoop other) implements EventLoop {

    @Override
    public int index() {
        return other.index();
    }

    @Override
    public boolean inEventLoop() {
        return false;
    }

    @Override
    public void execute(Runnable task) {
        other.execute(task);
    }

    @Override
    public Timeout schedule(Runnable task, long delayMillis) {
        return other.schedule(task, delayMillis);
    }

    @Override
    public long nowMillis() {
        return other.nowMillis();
    }

    @Override
    public long monotonicMillis() {
        return other.monotonicMillis();
    }

    @Override
    public TimerWheel timers() {
        return other.timers();
    }
}
