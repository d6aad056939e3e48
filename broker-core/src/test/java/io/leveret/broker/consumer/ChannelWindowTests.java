package io.leveret.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChannelWindowTests {

    @Test
    void hasAsManyPlacesAsItsLimit() {
        ChannelWindow window = new ChannelWindow(2, 1);
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isFalse();
        assertThat(window.isOpen()).isFalse();
    }

    @Test
    void tellsWhenItOpens() {
        ChannelWindow window = new ChannelWindow(2, 2);
        assertThat(window.release(1)).isTrue();
        assertThat(window.release(1)).as("it was open already").isFalse();
    }

    @Test
    void aLowerLimitTakesEffectAsPlacesComeBack() {
        ChannelWindow window = new ChannelWindow(3, 3);
        window.limit(1);
        assertThat(window.release(2)).isFalse();
        assertThat(window.tryTake()).isFalse();
        assertThat(window.release(1)).isTrue();
        assertThat(window.tryTake()).isTrue();
    }

    @Test
    void aHigherLimitOpensIt() {
        ChannelWindow window = new ChannelWindow(1, 1);
        window.limit(2);
        assertThat(window.tryTake()).isTrue();
    }
}
