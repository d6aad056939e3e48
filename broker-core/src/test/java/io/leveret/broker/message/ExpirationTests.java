package io.leveret.broker.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpirationTests {
    @ParameterizedTest
    @CsvSource({"0,0", "1000,1000", "+5,5", "-0,0", "007,7", "315360000000,315360000000"})
    void readsDecimalMilliseconds(String text, long millis) {
        assertThat(Expiration.parseMillis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-", "+", "+-5", " 5", "x5"})
    void refusesWhatDoesNotBeginWithAnInteger(String text) {
        assertThat(explanation(text)).isEqualTo("invalid expiration '" + text + "': no_integer");
    }

    @Test
    void refusesWhatFollowsTheInteger() {
        assertThat(explanation("5x")).isEqualTo("invalid expiration '5x': {leftover_string,\"x\"}");
        assertThat(explanation("-1 ")).isEqualTo("invalid expiration '-1 ': {leftover_string,\" \"}");
        assertThat(explanation("1\"\\\n")).endsWith("{leftover_string,\"\\\"\\\\\\n\"}");
        assertThat(explanation("1\0a")).endsWith("{leftover_string,[0,97]}");
    }

    @Test
    void refusesNegativeIntegers() {
        assertThat(explanation("-1")).isEqualTo("invalid expiration '-1': {value_negative,-1}");
    }

    @Test
    void refusesMoreThanTenYears() {
        assertThat(explanation("315360000001"))
                .isEqualTo("invalid expiration '315360000001': {value_too_large,315360000001}");
        assertThat(explanation("0099999999999999999999"))
                .isEqualTo("invalid expiration '0099999999999999999999': {value_too_large,99999999999999999999}");
    }

    private static String explanation(String text) {
        var error = catchThrowableOfType(AmqpError.class, () -> Expiration.parseMillis(text));
        assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED);
        return error.explanation();
    }
}
