package io.leveret.broker.limit;

import static io.leveret.broker.limit.FakeMemory.MB;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryGaugeTests {
    private static final MemoryWatermark WATERMARK = MemoryWatermark.part(0.6);

    private final FakeMemory memory = new FakeMemory();
    private final MemoryGauge gauge = new MemoryGauge(memory);
    private long nowMillis = 1_000;

    @Test
    void garbageAloneIsNoReason() {
        memory.heapUsed = 990 * MB;
        assertThat(look(10 * MB)).isFalse();
        memory.collectLeaving(700 * MB);
        assertThat(look(10 * MB)).isFalse();
    }

    @Test
    void messagesAreCountedBetweenCollections() {
        memory.collectLeaving(0);
        assertThat(look(0)).isFalse();
        memory.heapUsed = 700 * MB;
        assertThat(look(540 * MB)).isFalse();
        assertThat(look(560 * MB)).isTrue();
        assertThat(gauge.inUse()).isEqualTo(610 * MB);
    }

    @Test
    void endsWhenMessagesLeaveThoughNothingIsCollected() {
        memory.collectLeaving(0);
        look(0);
        memory.heapUsed = 900 * MB;
        assertThat(look(600 * MB)).isTrue();
        assertThat(look(530 * MB)).as("a little below the limit").isTrue();
        assertThat(look(500 * MB)).isFalse();
        assertThat(memory.asked).isZero();
    }

    @Test
    void neverMoreThanWhatIsInTheHeap() {
        memory.heapUsed = 100 * MB;
        assertThat(look(5_000 * MB)).isFalse();
        assertThat(gauge.inUse()).isEqualTo(100 * MB);
    }

    @Test
    void messagesThatQueuesShareCountOnceAfterACollection() {
        memory.lives = 150 * MB;
        memory.heapUsed = 200 * MB;
        look(4_000 * MB);
        memory.collectLeaving(0);
        memory.heapUsed = 800 * MB;
        assertThat(look(4_000 * MB)).isFalse();
        assertThat(look(4_300 * MB)).isFalse();
        assertThat(look(4_600 * MB)).as("450 MB more").isTrue();
    }

    @Test
    void asksForACollectionWhenItStaysOnOnlyBecauseMessagesAreShared() {
        memory.collectLeaving(0);
        look(0);
        memory.heapUsed = 800 * MB;
        assertThat(look(700 * MB)).isTrue();
        assertThat(memory.asked).isZero();
        nowMillis += MemoryGauge.FIRST_PAUSE_MILLIS;
        assertThat(look(700 * MB)).isFalse();
        assertThat(memory.asked).isEqualTo(1);
    }

    @Test
    void asksForNoneWhileMessagesFillTheHeap() {
        memory.lives = 700 * MB;
        memory.collectLeaving(0);
        assertThat(look(650 * MB)).isTrue();
        nowMillis += MemoryGauge.LONGEST_PAUSE_MILLIS;
        assertThat(look(650 * MB)).isTrue();
        assertThat(memory.asked).isZero();
    }

    @Test
    void noticesWhatIsNoMessage() {
        memory.collectLeaving(0);
        look(0);
        memory.lives = 790 * MB;
        memory.collectLeaving(0);
        assertThat(look(0)).as("not worth a collection of the whole heap yet").isFalse();
        memory.lives = 850 * MB;
        memory.collectLeaving(0);
        assertThat(look(0)).isTrue();
        assertThat(memory.asked).isEqualTo(1);

        memory.lives = 300 * MB;
        nowMillis += MemoryGauge.FIRST_PAUSE_MILLIS - 1;
        assertThat(look(0)).as("too early to ask again").isTrue();
        nowMillis += 1;
        assertThat(look(0)).isFalse();
        assertThat(memory.asked).isEqualTo(2);
    }

    @Test
    void asksLessAndLessOftenInVain() {
        long[] askedAt = new long[4];
        for (int i = 0; i < askedAt.length; i++) {
            int before = memory.asked;
            while (memory.asked == before) {
                nowMillis += 1_000;
                memory.collectLeaving(900 * MB);
                assertThat(look(0)).isFalse();
            }
            askedAt[i] = nowMillis;
        }
        assertThat(askedAt[1] - askedAt[0]).isEqualTo(20_000);
        assertThat(askedAt[2] - askedAt[1]).isEqualTo(40_000);
        assertThat(askedAt[3] - askedAt[2]).isEqualTo(80_000);
    }

    @Test
    void copesWithAJvmThatDoesNotCollectWhenAsked() {
        memory.mayBeAsked = false;
        memory.collectLeaving(0);
        look(0);
        memory.collectLeaving(850 * MB);
        look(0);
        assertThat(memory.asked).isEqualTo(1);
        memory.heapUsed = 700 * MB;
        assertThat(look(560 * MB)).isTrue();
    }

    @Test
    void buffersHaveALimitOfTheirOwn() {
        memory.buffersUsed = 299 * MB;
        assertThat(look(0)).isFalse();
        memory.buffersUsed = 301 * MB;
        assertThat(look(0)).isTrue();
    }

    @Test
    void bytesAreForHeapAndBuffersTogether() {
        MemoryWatermark together = MemoryWatermark.bytes(200 * MB);
        memory.heapUsed = 900 * MB;
        memory.buffersUsed = 100 * MB;
        assertThat(gauge.look(together, 90 * MB, nowMillis)).isFalse();
        assertThat(gauge.look(together, 110 * MB, nowMillis)).isTrue();
    }

    @Test
    void noneOfBothMayBeFullerThanIsGoodForIt() {
        memory.heapUsed = 900 * MB;
        assertThat(gauge.look(MemoryWatermark.bytes(100_000 * MB), 790 * MB, nowMillis))
                .isFalse();
        assertThat(gauge.look(MemoryWatermark.bytes(100_000 * MB), 800 * MB, nowMillis))
                .isTrue();
        assertThat(gauge.look(MemoryWatermark.part(1), 800 * MB, nowMillis)).isTrue();
    }

    @Test
    void aWatermarkOfZeroIsAlwaysReached() {
        assertThat(gauge.look(MemoryWatermark.part(0), 0, nowMillis)).isTrue();
        assertThat(gauge.look(MemoryWatermark.part(0.000_000_1), 0, nowMillis)).isTrue();
        assertThat(gauge.look(MemoryWatermark.bytes(0), 0, nowMillis)).isTrue();
        assertThat(gauge.look(MemoryWatermark.NONE, 5_000 * MB, nowMillis)).isFalse();
    }

    private boolean look(long messages) {
        return gauge.look(WATERMARK, messages, nowMillis);
    }
}
