package io.leveret.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionTests {
    private static final long LAST_PLACE = (1L << 61) - 1;

    @Test
    void keepsThePlaceUnderBothMarks() {
        for (long place : new long[] {0, 1, LAST_PLACE}) {
            long marked = Position.windowed(Position.redelivered(place));
            assertThat(Position.place(marked)).isEqualTo(place);
            assertThat(Position.isRedelivered(marked)).isTrue();
            assertThat(Position.isWindowed(marked)).isTrue();
        }
    }

    @Test
    void marksAreIndependent() {
        assertThat(Position.isWindowed(Position.redelivered(5))).isFalse();
        assertThat(Position.isRedelivered(Position.windowed(5))).isFalse();
        assertThat(Position.notWindowed(Position.windowed(Position.redelivered(5))))
                .isEqualTo(Position.redelivered(5));
    }
}
