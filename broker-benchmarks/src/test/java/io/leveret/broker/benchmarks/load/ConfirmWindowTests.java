package io.leveret.broker.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfirmWindowTests {
    private final ConfirmWindow window = new ConfirmWindow(4);

    @Test
    void countsEachPublishOnceHoweverConfirmsOverlap() {
        window.sent(4, 10);

        assertThat(window.confirm(2, false)).isEqualTo(10);
        assertThat(window.confirm(3, true)).isEqualTo(10);
        assertThat(window.confirm(2, false)).isEqualTo(-1);
        assertThat(window.total()).isEqualTo(3);
        assertThat(window.open()).isOne();
    }

    @Test
    void hasNoRoomBehindAnOldOpenPublish() {
        window.sent(4, 10);
        window.confirm(4, false);
        assertThat(window.room()).isZero();

        window.confirm(1, false);
        assertThat(window.room()).isOne();

        window.confirm(3, true);
        assertThat(window.room()).isEqualTo(4);
    }

    @Test
    void takesZeroWithMultipleAsAll() {
        window.sent(3, 10);

        window.confirm(0, true);

        assertThat(window.total()).isEqualTo(3);
    }

    @Test
    void knowsWhenAPublishWasSentAfterManyTurns() {
        for (int tag = 1; tag <= 100; tag++) {
            window.sent(1, tag * 5L);
            assertThat(window.confirm(tag, true)).isEqualTo(tag * 5L);
        }
    }

    @Test
    void ignoresTagsThatWereNeverSent() {
        assertThat(window.confirm(1, false)).isEqualTo(-1);
    }
}
