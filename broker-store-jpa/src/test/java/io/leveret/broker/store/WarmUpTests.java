package io.leveret.broker.store;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class WarmUpTests {
    @Test
    void needsNoDatabaseOfAnybodys() {
        assertThatCode(new WarmUp()::run).doesNotThrowAnyException();
    }
}
