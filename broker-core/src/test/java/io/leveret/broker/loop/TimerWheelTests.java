package io.leveret.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTests {
    private static final long TEN_YEARS = 315_360_000_000L;

    private final ManualEventLoops loops = new ManualEventLoops(1);
    private final ManualEventLoop loop = loops.get(0);
    private final List<String> fired = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4, 5, 255, 256, 257, 1_000, 16_384, 60_000, 3_600_000, 2_678_400_000L, TEN_YEARS})
    void firesOnceNotEarlyAndLateByATickAtMost(long delay) {
        arm(timer("a"), delay);
        advance(delay - 1);
        assertThat(fired).isEmpty();
        advance(TimerWheel.TICK_MILLIS);
        assertThat(fired).containsExactly("a");
        advance(2 * delay + 1_000);
        assertThat(fired).containsExactly("a");
        assertThat(loop.scheduled()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aDelayOfNothingEndsInTheNextTick(long delay) {
        arm(timer("a"), delay);
        assertThat(fired).isEmpty();
        advance(TimerWheel.TICK_MILLIS);
        assertThat(fired).containsExactly("a");
    }

    @Test
    void aDelayOfForEverNeitherFiresNorFails() {
        arm(timer("a"), Long.MAX_VALUE);
        advance(TEN_YEARS);
        assertThat(fired).isEmpty();
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        TimerWheel.Timer timer = timer("a");
        arm(timer, 100);
        assertThat(timer.isArmed()).isTrue();
        loop.run(timer::cancel);
        loop.run(timer::cancel);
        assertThat(timer.isArmed()).isFalse();
        advance(1_000);
        assertThat(fired).isEmpty();
        assertThat(loop.scheduled()).isZero();
    }

    @Test
    void armingAgainReplacesTheDelay() {
        TimerWheel.Timer sooner = timer("sooner");
        TimerWheel.Timer later = timer("later");
        arm(sooner, 1_000);
        arm(later, 100);
        arm(sooner, 50);
        arm(later, 2_000);
        advance(1_500);
        assertThat(fired).containsExactly("sooner");
        advance(504);
        assertThat(fired).containsExactly("sooner", "later");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 63, 64, 65, 4_095, 4_097, 86_400_001, TEN_YEARS + 1})
    void oneWithFinerTicksFiresOnTime(long delay) {
        TimerWheel exact = loop.call(() -> new TimerWheel(loop, 1));
        loop.advance(3);
        arm(exact.timer(() -> fired.add("exact")), delay);
        advance(delay - 1);
        assertThat(fired).isEmpty();
        advance(1);
        assertThat(fired).containsExactly("exact");
    }

    @Test
    void aTickIsAPowerOfTwo() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TimerWheel(loop, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new TimerWheel(loop, 0));
    }

    @Test
    void anActionMayArmAndCancel() {
        TimerWheel.Timer[] timers = new TimerWheel.Timer[3];
        timers[0] = loop.timers().timer(() -> {
            fired.add("first");
            timers[0].arm(10);
            timers[1].cancel();
            timers[2].arm(0);
        });
        timers[1] = timer("cancelled");
        timers[2] = timer("armed");
        loop.run(() -> {
            // the last one linked in a slot is the first to fire
            timers[1].arm(100);
            timers[0].arm(100);
        });
        advance(104);
        advance(TimerWheel.TICK_MILLIS);
        assertThat(fired).containsExactly("first", "armed");
        advance(10);
        assertThat(fired).containsExactly("first", "armed", "first");
    }

    @Test
    void anActionThatFailsDoesNotStopTheOthers() {
        arm(
                loop.timers().timer(() -> {
                    throw new IllegalStateException("a bug");
                }),
                100);
        arm(timer("next"), 200);
        loop.advance(100);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(loops::runAll);
        advance(104);
        assertThat(fired).containsExactly("next");
    }

    @Test
    void wakesTheLoopOnlyForWhatIsNext() {
        for (int i = 0; i < 20_000; i++) {
            arm(timer("t" + i), 1_800_000 + i % 7);
        }
        assertThat(loop.scheduled()).isEqualTo(1);
        int wakes = 0;
        for (int i = 0; i < 1_800_000 / 50 - 10; i++) {
            loop.advance(50);
            wakes += loop.hasTasks() ? 1 : 0;
            loops.runAll();
        }
        assertThat(fired).isEmpty();
        assertThat(wakes).isLessThan(10);
        advance(500);
        advance(500);
        assertThat(fired).hasSize(20_000);
    }

    @Test
    void refusesToBeTouchedFromElsewhere() {
        TimerWheel.Timer timer = timer("a");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> timer.arm(1));
        assertThatExceptionOfType(AssertionError.class).isThrownBy(timer::cancel);
    }

    /** Against a map of what is due when, with delays of every magnitude. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void firesAsAMapOfDueTimesWould(int run) {
        long seed = System.nanoTime() + run;
        Random random = new Random(seed);
        List<TimerWheel.Timer> timers = new ArrayList<>();
        Map<String, Long> due = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            timers.add(timer("t" + i));
        }
        for (int step = 0; step < 2_000; step++) {
            int chosen = random.nextInt(timers.size());
            int kind = random.nextInt(10);
            if (kind < 5) {
                long delay = random.nextLong() >>> (24 + random.nextInt(40));
                arm(timers.get(chosen), delay);
                due.put("t" + chosen, loop.nowMillis() + delay);
            } else if (kind < 6) {
                loop.run(timers.get(chosen)::cancel);
                due.remove("t" + chosen);
            } else {
                fired.clear();
                long before = loop.nowMillis();
                advance(random.nextLong() >>> (26 + random.nextInt(38)));
                assertThat(fired).as("seed %d", seed).doesNotHaveDuplicates();
                for (String name : fired) {
                    assertThat(due.remove(name))
                            .as("seed %d step %d %s", seed, step, name)
                            .isNotNull()
                            .isBetween(before - TimerWheel.TICK_MILLIS, loop.nowMillis());
                }
                assertThat(due.values())
                        .as("seed %d step %d", seed, step)
                        .allMatch(time -> time > loop.nowMillis() - TimerWheel.TICK_MILLIS);
            }
        }
    }

    private TimerWheel.Timer timer(String name) {
        return loop.timers().timer(() -> fired.add(name));
    }

    private void arm(TimerWheel.Timer timer, long delay) {
        loop.run(() -> timer.arm(delay));
    }

    private void advance(long millis) {
        loop.advance(millis);
        loops.runAll();
        // what a wake-up moved down may be due as well
        loop.advance(0);
        loops.runAll();
    }
}
