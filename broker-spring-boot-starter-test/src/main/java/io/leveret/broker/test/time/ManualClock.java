package io.leveret.broker.test.time;

import io.leveret.broker.Broker;
import io.leveret.broker.loop.BrokerClock;
import io.leveret.broker.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A clock of one broker that moves only when {@link #advance} is called. All
 * timers of the broker wait for it: time to live of messages and queues, delayed exchanges, the timeout of consumers.
 * Heartbeats and handshakes do not.
 *
 * <p>Its methods may be called by any thread.
 */
public final class ManualClock implements BrokerClock {
    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    private final AtomicLong nowMillis;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentSkipListSet<Scheduled> scheduled = new ConcurrentSkipListSet<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicBoolean advancing = new AtomicBoolean();

    /** One that begins with the present time. */
    public ManualClock() {
        this(Instant.now());
    }

    /** One that begins with some time, such as that of the clock of a broker that this one continues. */
    public ManualClock(Instant start) {
        nowMillis = new AtomicLong(start.toEpochMilli());
    }

    /** A task that waits; the number tells those of the same time apart, in the order in which they came. */
    private record Scheduled(long dueMillis, long number, EventLoop loop, Runnable task)
            implements Comparable<Scheduled> {
        private static final Comparator<Scheduled> ORDER =
                Comparator.comparingLong(Scheduled::dueMillis).thenComparingLong(Scheduled::number);

        @Override
        public int compareTo(Scheduled other) {
            return ORDER.compare(this, other);
        }
    }

    /** The clock that a broker goes by; null if it goes by the time of the machine. */
    public static @Nullable ManualClock of(Broker broker) {
        return broker.loops().all().get(0) instanceof ManualTimeLoop loop ? loop.clock() : null;
    }

    @Override
    public EventLoop on(EventLoop loop) {
        return new ManualTimeLoop(this, loop);
    }

    /** The time it is for the broker. */
    public Instant now() {
        return Instant.ofEpochMilli(nowMillis.get());
    }

    /**
     * Lets time pass. When this returns, everything has happened in the broker that is due by then, one thing after another in
     * the order of their times, to the millisecond, and each with all that follows from it in the broker before the clock moves on. What a client does about it takes the time it takes.
     *
     * @param time 0 to 100 years; what is less than a millisecond does not count
     * @param broker the one that goes by this clock
     * @throws IllegalArgumentException if the time is none of these
     * @throws IllegalStateException if another thread lets time pass, this is a thread of the broker, the broker is closed, or
     *     it does not come to rest within 30 seconds at one moment of its time
     */
    public void advance(Duration time, Broker broker) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("time passes by 0 to 100 years, not " + time);
        }
        Quiet quiet = new Quiet(broker, this);
        if (!advancing.compareAndSet(false, true)) {
            throw new IllegalStateException("another thread lets time pass at this moment");
        }
        try {
            advanceTo(nowMillis.get() + time.toMillis(), quiet);
        } finally {
            advancing.set(false);
        }
    }

    private void advanceTo(long target, Quiet quiet) {
        quiet.await();
        Scheduled first;
        while ((first = scheduled.isEmpty() ? null : scheduled.first()) != null && first.dueMillis <= target) {
            if (scheduled.remove(first)) {
                nowMillis.set(Math.max(nowMillis.get(), first.dueMillis));
                first.loop.execute(first.task);
                quiet.await();
            }
        }
        nowMillis.set(target);
    }

    long nowMillis() {
        return nowMillis.get();
    }

    EventLoop.Timeout schedule(EventLoop loop, Runnable task, long delayMillis) {
        CancellableTask cancellable = new CancellableTask(task);
        Scheduled entry = new Scheduled(nowMillis.get() + delayMillis, numbers.getAndIncrement(), loop, cancellable);
        scheduled.add(entry);
        return () -> {
            cancellable.cancel();
            scheduled.remove(entry);
        };
    }

    /** A task that is going to run; to be ended by running it, or by {@link #ended}. */
    Runnable counted(Runnable task) {
        underWay.incrementAndGet();
        begun.incrementAndGet();
        return () -> {
            try {
                task.run();
            } finally {
                ended();
            }
        };
    }

    void ended() {
        underWay.decrementAndGet();
    }

    /** Whether no loop has anything to do that it was given by somebody. */
    boolean isIdle() {
        return underWay.get() == 0;
    }

    /** How many tasks there were up to now. */
    long begun() {
        return begun.get();
    }
}
