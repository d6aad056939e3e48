package io.leveret.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.loop.ManualEventLoops;
import org.junit.jupiter.api.Test;

class JvmMemoryTests {
    private final JvmMemory memory = new JvmMemory(new ManualEventLoops(1));

    @Test
    void aCollectionIsNoticedAndLeavesWhatLives() {
        byte[][] lives = new byte[40][1 << 20];
        long before = memory.collections();
        memory.collect();
        assertThat(memory.collections()).isGreaterThan(before);
        assertThat(memory.heapAfterCollection())
                .isBetween((long) lives.length << 20, memory.heapMax())
                .isLessThanOrEqualTo(memory.heapUsed() + (8 << 20));
    }
}
