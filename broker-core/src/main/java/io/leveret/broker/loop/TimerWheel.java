package io.leveret.broker.loop;

import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, however many: arming, re-arming and cancelling one is O(1) and makes no garbage. Owned by that
 * loop; get it from {@link EventLoop#timers}.
 *
 * <p>A hierarchy of wheels with 64 slots each. A slot of the lowest wheel is one tick, a slot of
 * each other wheel is one turn of the wheel below. A timer waits in the wheel of the highest digit (to base 64) in which its
 * tick differs from the present, and moves down when the present reaches its slot. Each wheel knows its filled slots by a
 * bit set, so the next thing to do is found at once and the loop is woken only for that, by one {@link EventLoop#schedule}.
 *
 * <p>A timer never fires early, and late by a tick at most plus what the loop is busy with.
 */
public final class TimerWheel {
    /** How exact it is unless something else was asked for, in milliseconds. */
    public static final int TICK_MILLIS = 4;

    private static final int DIGIT_BITS = 6;
    private static final int SLOTS = 1 << DIGIT_BITS;
    private static final int WHEELS = 7;

    /** Beyond 550 years, or a quarter of that with ticks of a millisecond, which is more than anybody may ask for. */
    private static final long LAST_TICK = (1L << DIGIT_BITS * WHEELS) - 1;

    private static final long NOTHING = Long.MAX_VALUE;

    private final EventLoop loop;
    private final int tickBits;
    private final long originMillis;
    private final long[] filled = new long[WHEELS];
    private final @Nullable Timer[] slots = new Timer[WHEELS * SLOTS];
    private final Runnable onWake = this::onWake;
    private long presentTick;
    private long wakeTick = NOTHING;
    private EventLoop.@Nullable Timeout wake;
    private boolean firing;

    /** A wheel in which nothing waits; made by its loop. */
    public TimerWheel(EventLoop loop) {
        this(loop, TICK_MILLIS);
    }

    /**
     * The same, as exact as is wanted.
     *
     * @param tickMillis a power of two
     */
    public TimerWheel(EventLoop loop, int tickMillis) {
        if (Integer.bitCount(tickMillis) != 1) {
            throw new IllegalArgumentException("not a power of two: " + tickMillis);
        }
        this.loop = loop;
        this.tickBits = Integer.numberOfTrailingZeros(tickMillis);
        this.originMillis = loop.monotonicMillis();
    }

    /**
     * A timer that waits for its time, or for nothing. To be kept and armed again and again. Used on the loop of its wheel
     * alone.
     */
    public static final class Timer {
        private static final int UNARMED = -1;

        private final TimerWheel wheel;
        private final Runnable action;
        private long tick;
        private int slot = UNARMED;
        private @Nullable Timer previous;
        private @Nullable Timer next;

        private Timer(TimerWheel wheel, Runnable action) {
            this.wheel = wheel;
            this.action = action;
        }

        /**
         * Lets the action run once after a delay; a timer that was armed already forgets the delay it had.
         *
         * @param delayMillis in milliseconds; 0 or less for as soon as possible, though never before this returns
         */
        public void arm(long delayMillis) {
            wheel.arm(this, delayMillis);
        }

        /** Keeps the action from running, if it was to run. */
        public void cancel() {
            wheel.cancel(this);
        }

        /** Whether the action is going to run. */
        public boolean isArmed() {
            return slot != UNARMED;
        }
    }

    /** A timer of this loop, not armed yet. Any thread. */
    public Timer timer(Runnable action) {
        return new Timer(this, action);
    }

    private void arm(Timer timer, long delayMillis) {
        assert loop.inEventLoop() : "not on the loop of the timer";
        if (timer.isArmed()) {
            unlink(timer);
        }
        long elapsed = elapsedMillis();
        long delay = Math.max(0, Math.min(delayMillis, Long.MAX_VALUE / 2));
        // rounded up, and the present tick is over
        long ticks = (elapsed + delay + (1L << tickBits) - 1) >> tickBits;
        timer.tick = Math.min(LAST_TICK, Math.max(presentTick + 1, ticks));
        link(timer);
        if (!firing) {
            wakeForNext(elapsed);
        }
    }

    private void cancel(Timer timer) {
        assert loop.inEventLoop() : "not on the loop of the timer";
        if (timer.isArmed()) {
            unlink(timer);
        }
    }

    /** Fires what is due and brings down what is near. What an action arms is not due before the next tick. */
    private void onWake() {
        wake = null;
        wakeTick = NOTHING;
        firing = true;
        try {
            long nowTick = elapsedMillis() >> tickBits;
            int wheel;
            while ((wheel = lowestFilled()) < WHEELS && firstTick(wheel) <= nowTick) {
                presentTick = firstTick(wheel);
                empty(wheel * SLOTS + Long.numberOfTrailingZeros(filled[wheel]));
            }
            presentTick = Math.max(presentTick, nowTick);
        } finally {
            firing = false;
            wakeForNext(elapsedMillis());
        }
    }

    private void empty(int slot) {
        Timer timer;
        while ((timer = slots[slot]) != null) {
            unlink(timer);
            if (timer.tick <= presentTick) {
                timer.action.run();
            } else {
                link(timer);
            }
        }
    }

    private int lowestFilled() {
        int wheel = 0;
        while (wheel < WHEELS && filled[wheel] == 0) {
            wheel++;
        }
        return wheel;
    }

    /**
     * The tick at which the first filled slot of a wheel begins. Filled slots are ahead of the present one and in the same
     * turn, and a lower wheel's turn is over before the next slot of a higher one begins.
     */
    private long firstTick(int wheel) {
        int shift = DIGIT_BITS * wheel;
        long turn = presentTick >>> (shift + DIGIT_BITS) << (shift + DIGIT_BITS);
        return turn | (long) Long.numberOfTrailingZeros(filled[wheel]) << shift;
    }

    private void wakeForNext(long elapsedMillis) {
        int wheel = lowestFilled();
        if (wheel == WHEELS) {
            return;
        }
        long tick = firstTick(wheel);
        if (tick >= wakeTick) {
            return;
        }
        if (wake != null) {
            wake.cancel();
        }
        wakeTick = tick;
        wake = loop.schedule(onWake, Math.max(0, (tick << tickBits) - elapsedMillis));
    }

    private long elapsedMillis() {
        return loop.monotonicMillis() - originMillis;
    }

    private void link(Timer timer) {
        int wheel = (63 - Long.numberOfLeadingZeros((timer.tick ^ presentTick) | 1)) / DIGIT_BITS;
        int digit = (int) (timer.tick >>> DIGIT_BITS * wheel) & (SLOTS - 1);
        int slot = wheel * SLOTS + digit;
        Timer first = slots[slot];
        timer.slot = slot;
        timer.next = first;
        if (first != null) {
            first.previous = timer;
        }
        slots[slot] = timer;
        filled[wheel] |= 1L << digit;
    }

    private void unlink(Timer timer) {
        Timer before = timer.previous;
        Timer after = timer.next;
        int slot = timer.slot;
        timer.previous = null;
        timer.next = null;
        timer.slot = Timer.UNARMED;
        if (after != null) {
            after.previous = before;
        }
        if (before != null) {
            before.next = after;
        } else {
            slots[slot] = after;
            if (after == null) {
                filled[slot / SLOTS] &= ~(1L << slot % SLOTS);
            }
        }
    }
}
