package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutingHeadersTests {
    private static final FieldValue KEYS = FieldValue.of(List.of(FieldValue.of("a"), FieldValue.of("b")));

    @Test
    void givesTheKeysOfCcBeforeThoseOfBcc() {
        FieldTable headers = FieldTable.of(Map.of("BCC", FieldValue.of(List.of(FieldValue.of("c"))), "CC", KEYS));

        assertThat(RoutingHeaders.extraKeys(headers)).containsExactly("a", "b", "c");
    }

    @Test
    void skipsElementsThatAreNotStrings() {
        FieldTable headers = TestTopology.table("CC", FieldValue.of(List.of(FieldValue.of(5), FieldValue.of("a"))));

        assertThat(RoutingHeaders.extraKeys(headers)).containsExactly("a");
    }

    @Test
    void givesTheKeysOfOneHeader() {
        FieldTable headers = FieldTable.of(Map.of("BCC", FieldValue.of(List.of(FieldValue.of("c"))), "CC", KEYS));

        assertThat(RoutingHeaders.keys(RoutingHeaders.CC, headers)).containsExactly("a", "b");
        assertThat(RoutingHeaders.keys(RoutingHeaders.BCC, headers)).containsExactly("c");
        assertThat(RoutingHeaders.keys(RoutingHeaders.BCC, FieldTable.EMPTY)).isEmpty();
    }

    @Test
    void givesNullWithoutKeys() {
        assertThat(RoutingHeaders.extraKeys(FieldTable.EMPTY)).isNull();
        assertThat(RoutingHeaders.extraKeys(TestTopology.table("cc", KEYS))).isNull();
        assertThat(RoutingHeaders.extraKeys(TestTopology.table("BCC", FieldValue.of(List.of()))))
                .isNull();
    }

    @Test
    void refusesHeadersThatAreNotArrays() {
        assertThatThrownBy(() -> RoutingHeaders.extraKeys(TestTopology.table("CC", FieldValue.of("a"))))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED))
                .hasMessage("invalid message: {unacceptable_type_in_header,\"CC\",longstr}");
        assertThatThrownBy(() -> RoutingHeaders.extraKeys(TestTopology.table("BCC", FieldValue.of(FieldTable.EMPTY))))
                .hasMessage("invalid message: {unacceptable_type_in_header,\"BCC\",table}");
        assertThatThrownBy(() -> RoutingHeaders.extraKeys(TestTopology.table("CC", new FieldValue('V', null))))
                .hasMessage("invalid message: {unacceptable_type_in_header,\"CC\",void}");
    }
}
