package io.leveret.broker.loop;

import java.util.concurrent.Executor;

/**
 * One thread that owns things: connections, channels and queues each belong to one loop, and only that loop touches
 * them. Tasks run one after another in the order they were handed over by any one thread.
 */
public interface EventLoop extends Executor {

    /** The place of this loop among its broker's, from 0. */
    int index();

    /** Whether the calling thread is this loop. */
    boolean inEventLoop();

    /** Hands a task over from any thread; called on the loop itself it runs later, after what runs now. */
    @Override
    void execute(Runnable task);

    /**
     * A task that another thread is going to hand over to this loop, once it has done something for it. A loop whose time a test
     * controls does not let time pass before.
     *
     * @return what is to be handed over, exactly once
     */
    default Runnable expected(Runnable task) {
        return task;
    }

    /** Runs a task on this loop after a delay. May be called from any thread. */
    Timeout schedule(Runnable task, long delayMillis);

    /**
     * The same for upkeep of the process, which is no part of what the broker promises at a certain time: it goes by the time
     * of the machine even where {@link #nowMillis} does not.
     */
    default Timeout scheduleUpkeep(Runnable task, long delayMillis) {
        return schedule(task, delayMillis);
    }

    /** The time this loop goes by, in milliseconds since the epoch; a test may stop it. */
    long nowMillis();

    /** Milliseconds from some moment in the past, by a clock that nobody sets: for measuring how long something took. */
    long monotonicMillis();

    /** The timers of this loop: better than {@link #schedule} for many, or for one that is armed again and again. */
    TimerWheel timers();

    /** A task that waits for its time. */
    interface Timeout {
        /** Keeps the task from running if it has not started; any thread. */
        void cancel();
    }
}
