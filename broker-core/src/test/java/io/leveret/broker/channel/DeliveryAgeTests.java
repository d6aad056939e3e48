package io.leveret.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryAgeTests {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1000, 500",
        "60000, 30000",
        "120000, 60000",
        "150000, 75000",
        "1800000, 60000",
        "3600000, 60000",
        "86400000, 1440000"
    })
    void checksAboutEveryMinuteAndAtLeastTwiceATimeout(long timeoutMillis, long intervalMillis) {
        assertThat(DeliveryAge.intervalMillis(timeoutMillis)).isEqualTo(intervalMillis);
    }

    @Test
    void isExceededByWhatWasThereATimeoutAgo() {
        DeliveryAge age = new DeliveryAge(1000);
        assertThat(age.isExceeded(1, 1)).as("after 0.5 s").isFalse();
        assertThat(age.isExceeded(1, 2)).as("after 1 s").isFalse();
        assertThat(age.isExceeded(1, 3)).as("after 1.5 s").isTrue();
        assertThat(age.isExceeded(2, 3)).as("2 is from the second check").isTrue();
    }

    @Test
    void isNotExceededByWhatCameLater() {
        DeliveryAge age = new DeliveryAge(1000);
        age.isExceeded(1, 5);
        age.isExceeded(2, 9);
        assertThat(age.isExceeded(6, 9)).isFalse();
        assertThat(age.isExceeded(10, 10)).isFalse();
    }

    @Test
    void isNotExceededWhenNothingIsOutstanding() {
        DeliveryAge age = new DeliveryAge(1000);
        for (int i = 0; i < 10; i++) {
            assertThat(age.isExceeded(0, 100)).isFalse();
        }
    }
}
