package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersTableTests {
    private static final FieldValue VOID = new FieldValue('V', null);

    private final TestTopology topology = new TestTopology();
    private final Exchange exchange = topology.exchange("h", ExchangeTypes.HEADERS);

    @Test
    void asksForAllCriteriaUnlessToldOtherwise() {
        for (FieldTable arguments : List.of(
                headers("a", FieldValue.of("1"), "b", FieldValue.of(2)),
                headers("x-match", FieldValue.of("all"), "a", FieldValue.of("1"), "b", FieldValue.of(2)))) {
            assertThat(matches(arguments, headers("a", FieldValue.of("1"), "b", FieldValue.of(2), "c", VOID)))
                    .isTrue();
            assertThat(matches(arguments, headers("a", FieldValue.of("1")))).isFalse();
            assertThat(matches(arguments, headers("a", FieldValue.of("1"), "b", FieldValue.of(3))))
                    .isFalse();
        }
    }

    @Test
    void asksForOneCriterionInModeAny() {
        FieldTable arguments = headers("x-match", FieldValue.of("any"), "a", FieldValue.of("1"), "b", FieldValue.of(2));

        assertThat(matches(arguments, headers("b", FieldValue.of(2)))).isTrue();
        assertThat(matches(arguments, headers("a", FieldValue.of("1"), "b", FieldValue.of(3))))
                .isTrue();
        assertThat(matches(arguments, headers("a", FieldValue.of("2")))).isFalse();
        assertThat(matches(arguments, FieldTable.EMPTY)).isFalse();
    }

    @Test
    void looksAtKeysWithXOnlyInTheModesThatSaySo() {
        FieldValue one = FieldValue.of(1);
        FieldTable other = headers("y", one);
        assertThat(matches(headers("x-match", FieldValue.of("all"), "x-a", one, "y", one), other))
                .isTrue();
        assertThat(matches(headers("x-match", FieldValue.of("all-with-x"), "x-a", one, "y", one), other))
                .isFalse();
        assertThat(matches(headers("x-match", FieldValue.of("any"), "x-a", one), headers("x-a", one)))
                .isFalse();
        assertThat(matches(headers("x-match", FieldValue.of("any-with-x"), "x-a", one), headers("x-a", one)))
                .isTrue();
    }

    @Test
    void withoutCriteriaAllIsTrueAndAnyIsFalse() {
        for (String mode : List.of("all", "all-with-x")) {
            assertThat(matches(headers("x-match", FieldValue.of(mode)), FieldTable.EMPTY))
                    .isTrue();
        }
        for (String mode : List.of("any", "any-with-x")) {
            assertThat(matches(headers("x-match", FieldValue.of(mode)), headers("a", VOID)))
                    .isFalse();
        }
        assertThat(matches(FieldTable.EMPTY, FieldTable.EMPTY)).isTrue();
    }

    @Test
    void takesVoidForATestOfPresence() {
        assertThat(matches(headers("a", VOID), headers("a", FieldValue.timestamp(1))))
                .isTrue();
        assertThat(matches(headers("a", VOID), headers("a", VOID))).isTrue();
        assertThat(matches(headers("a", VOID), headers("b", FieldValue.of(1)))).isFalse();
        assertThat(matches(headers("a", FieldValue.of(1)), headers("a", VOID))).isFalse();
    }

    @Test
    void comparesValuesAndNotTags() {
        assertThat(equal(FieldValue.of(5), FieldValue.of(5L))).isTrue();
        assertThat(equal(FieldValue.of(5), new FieldValue('B', 5L))).isTrue();
        assertThat(equal(FieldValue.of("ab"), new FieldValue('x', new byte[] {'a', 'b'})))
                .isTrue();
        assertThat(equal(FieldValue.of(5), new FieldValue('d', 5.0))).isFalse();
        assertThat(equal(FieldValue.of(true), FieldValue.of("true"))).isFalse();
        assertThat(equal(FieldValue.of("a"), FieldValue.of("A"))).isFalse();
        assertThat(equal(FieldValue.of(headers("a", VOID)), FieldValue.of(headers("a", VOID))))
                .isTrue();
    }

    @Test
    void neverFindsTimestampsEqual() {
        assertThat(equal(FieldValue.timestamp(5), FieldValue.timestamp(5))).isFalse();
        assertThat(equal(FieldValue.of(5), FieldValue.timestamp(5))).isFalse();
    }

    @Test
    void refusesOtherModes() {
        assertThatThrownBy(() -> bind(headers("x-match", FieldValue.of("foo"))))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED))
                .hasMessage("Invalid x-match field value <<\"foo\">>; expected all, any, all-with-x, or any-with-x");
        assertThatThrownBy(() -> bind(headers("x-match", FieldValue.of(5))))
                .hasMessage("Invalid x-match field type signedint (value 5); expected longstr");
        assertThatThrownBy(() -> bind(headers("x-match", VOID)))
                .hasMessage("Invalid x-match field type void (value undefined); expected longstr");
        assertThat(exchange.hasBindings()).isFalse();
    }

    @Test
    void forgetsABindingWhoseArgumentsComeInAnotherOrder() {
        bind(headers("a", FieldValue.of(1), "b", FieldValue.of(2)));

        assertThat(exchange.unbind(new Binding(
                        exchange, topology.queue("q"), "", headers("b", FieldValue.of(2), "a", FieldValue.of(1)))))
                .isTrue();
        assertThat(topology.route(exchange, "", null, () -> headers("a", FieldValue.of(1), "b", FieldValue.of(2))))
                .isEmpty();
    }

    @Test
    void takesTenThousandBindings() {
        for (int i = 0; i < 10_000; i++) {
            topology.bind(exchange, topology.queue("q" + i), "", headers("id", FieldValue.of(i)));
        }

        assertThat(topology.route(exchange, "", null, () -> headers("id", FieldValue.of(4711L))))
                .isEqualTo("q4711");
    }

    private boolean equal(FieldValue wanted, FieldValue present) {
        return matches(headers("k", wanted), headers("k", present));
    }

    private boolean matches(FieldTable arguments, FieldTable headers) {
        Binding binding = bind(arguments);
        boolean matches =
                topology.route(exchange, "any key", null, () -> headers).equals("q");
        exchange.unbind(binding);
        return matches;
    }

    private Binding bind(FieldTable arguments) {
        return topology.bind(exchange, topology.queue("q"), "", arguments);
    }

    private static FieldTable headers(Object... keysAndValues) {
        Map<String, FieldValue> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], (FieldValue) keysAndValues[i + 1]);
        }
        return FieldTable.of(fields);
    }
}
