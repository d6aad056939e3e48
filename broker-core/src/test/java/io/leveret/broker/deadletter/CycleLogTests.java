package io.leveret.broker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CycleLogTests {
    @Test
    void writesOneLineAMinute() {
        CycleLog log = new CycleLog();
        assertThat(log.dropped("/", "q", "q2", 1_000)).isTrue();
        assertThat(log.dropped("/", "q", "q2", 1_000)).isFalse();
        assertThat(log.dropped("/", "q", "q2", 60_999)).isFalse();
        assertThat(log.dropped("/", "q", "q2", 61_000)).isTrue();
        assertThat(log.dropped("/", "q", "q2", 61_001)).isFalse();
    }
}
