package io.leveret.broker.test.time;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.loop.TimerWheel;
import java.util.concurrent.RejectedExecutionException;

/** A loop of a broker that goes by a clock which stands still; its tasks run on the real loop, and are counted. */
final class ManualTimeLoop implements EventLoop {
    /** Exact, so that timers are due in the order of their times. */
    private static final int TICK_MILLIS = 1;

    private final ManualClock clock;
    private final EventLoop loop;
    private final TimerWheel timers;

    ManualTimeLoop(ManualClock clock, EventLoop loop) {
        this.clock = clock;
        this.loop = loop;
        this.timers = new TimerWheel(this, TICK_MILLIS);
    }

    ManualClock clock() {
        return clock;
    }

    /** Runs something behind what the loop has to do now, uncounted. */
    void executeUncounted(Runnable task) {
        loop.execute(task);
    }

    @Override
    public int index() {
        return loop.index();
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        Runnable counted = clock.counted(task);
        boolean taken = false;
        try {
            loop.execute(counted);
            taken = true;
        } finally {
            if (!taken) {
                clock.ended();
            }
        }
    }

    @Override
    public Runnable expected(Runnable task) {
        return clock.counted(task);
    }

    /** One without a delay waits for nothing but its turn, which here as elsewhere comes after the sockets had theirs. */
    @Override
    public Timeout schedule(Runnable task, long delayMillis) {
        if (delayMillis > 0) {
            return clock.schedule(this, task, delayMillis);
        }
        CancellableTask cancellable = new CancellableTask(task);
        Runnable counted = clock.counted(cancellable);
        try {
            loop.schedule(counted, 0);
        } catch (RejectedExecutionException closed) {
            clock.ended();
            throw closed;
        }
        return cancellable;
    }

    @Override
    public Timeout scheduleUpkeep(Runnable task, long delayMillis) {
        return loop.schedule(task, delayMillis);
    }

    @Override
    public long nowMillis() {
        return clock.nowMillis();
    }

    /** Of the same clock, from the same moment: nobody sets it back. */
    @Override
    public long monotonicMillis() {
        return clock.nowMillis();
    }

    @Override
    public TimerWheel timers() {
        return timers;
    }
}
