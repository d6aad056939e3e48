package io.leveret.broker.loop;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop that runs only what a test tells it to, on the thread of the test, by a clock that the test sets. A thread is in
 * the loop only while the loop runs something on it, so {@code assertOwned} means what it says.
 */
public final class ManualEventLoop implements EventLoop {
    private final int index;
    private final Runnable onTask;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Scheduled> scheduled = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread owner;
    private long nowMillis = 1_000_000;
    private final TimerWheel timers = new TimerWheel(this);

    private record Scheduled(Runnable task, long dueMillis) {}

    ManualEventLoop(int index, Runnable onTask) {
        this.index = index;
        this.onTask = onTask;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inEventLoop() {
        return owner == Thread.currentThread();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        onTask.run();
    }

    @Override
    public Timeout schedule(Runnable task, long delayMillis) {
        if (delayMillis == 0) {
            execute(task);
            return () -> tasks.remove(task);
        }
        Scheduled entry = new Scheduled(task, nowMillis + delayMillis);
        scheduled.add(entry);
        return () -> scheduled.remove(entry);
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    @Override
    public long monotonicMillis() {
        return nowMillis;
    }

    @Override
    public TimerWheel timers() {
        return timers;
    }

    /** How many tasks wait for their time. */
    public int scheduled() {
        return scheduled.size();
    }

    /** Moves the clock and queues what has become due. */
    public void advance(long millis) {
        nowMillis += millis;
        for (Iterator<Scheduled> each = scheduled.iterator(); each.hasNext(); ) {
            Scheduled entry = each.next();
            if (entry.dueMillis <= nowMillis) {
                each.remove();
                execute(entry.task);
            }
        }
    }

    /** Runs something as if the loop did; not inside another loop. */
    public <T extends @Nullable Object> T call(Supplier<T> work) {
        if (owner == Thread.currentThread()) {
            return work.get();
        }
        if (owner != null) {
            throw new IllegalStateException("loop " + index + " is busy on another thread");
        }
        owner = Thread.currentThread();
        try {
            return work.get();
        } finally {
            owner = null;
        }
    }

    /** Runs something as if the loop did. */
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    /** Runs the task that has waited longest; returns whether there was one. */
    public boolean step() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        run(task);
        return true;
    }

    /** Whether a task waits. */
    public boolean hasTasks() {
        return !tasks.isEmpty();
    }
}
