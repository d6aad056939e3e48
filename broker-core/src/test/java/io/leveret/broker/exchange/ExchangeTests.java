package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class ExchangeTests {
    private static final FieldTable ALTERNATE_A = TestTopology.table("alternate-exchange", FieldValue.of("a"));

    private final TestTopology topology = new TestTopology();
    private final Exchange direct = new Exchange("e", "/", ExchangeTypes.DIRECT, false, false, false, FieldTable.EMPTY);

    @Test
    void takesTheSameDeclarationForEquivalent() {
        assertThatCode(() -> direct.checkEquivalent("direct", false, false, false, FieldTable.EMPTY))
                .doesNotThrowAnyException();
    }

    @Test
    void ignoresOtherArgumentsOfARepeatedDeclaration() {
        FieldTable other = TestTopology.table("x", FieldValue.of("y"));

        assertThatCode(() -> direct.checkEquivalent("direct", false, false, false, other))
                .doesNotThrowAnyException();
    }

    @Test
    void namesTheFirstDifference() {
        thrownByDeclaring("fanout", true, true, true, ALTERNATE_A)
                .hasMessage("inequivalent arg 'type' for exchange 'e' in vhost '/':"
                        + " received 'fanout' but current is 'direct'");
        thrownByDeclaring("direct", true, true, true, ALTERNATE_A)
                .hasMessage("inequivalent arg 'durable' for exchange 'e' in vhost '/':"
                        + " received 'true' but current is 'false'");
        thrownByDeclaring("direct", false, true, true, ALTERNATE_A)
                .hasMessage("inequivalent arg 'auto_delete' for exchange 'e' in vhost '/':"
                        + " received 'true' but current is 'false'");
        thrownByDeclaring("direct", false, false, true, ALTERNATE_A)
                .hasMessage("inequivalent arg 'internal' for exchange 'e' in vhost '/':"
                        + " received 'true' but current is 'false'");
        thrownByDeclaring("direct", false, false, false, ALTERNATE_A)
                .hasMessage("inequivalent arg 'alternate-exchange' for exchange 'e' in vhost '/':"
                        + " received the value 'a' of type 'longstr' but current is none");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> thrownByDeclaring(
            String type, boolean durable, boolean autoDelete, boolean internal, FieldTable arguments) {
        return assertThatThrownBy(() -> direct.checkEquivalent(type, durable, autoDelete, internal, arguments))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED));
    }

    @Test
    void comparesTheAlternateExchange() {
        Exchange exchange = new Exchange("e", "/", ExchangeTypes.DIRECT, false, false, false, ALTERNATE_A);

        assertThat(exchange.alternateExchange()).isEqualTo("a");
        assertThatCode(() -> exchange.checkEquivalent("direct", false, false, false, ALTERNATE_A))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> exchange.checkEquivalent("direct", false, false, false, FieldTable.EMPTY))
                .hasMessage("inequivalent arg 'alternate-exchange' for exchange 'e' in vhost '/':"
                        + " received none but current is the value 'a' of type 'longstr'");
        FieldTable other = TestTopology.table("alternate-exchange", FieldValue.of("b"));
        assertThatThrownBy(() -> exchange.checkEquivalent("direct", false, false, false, other))
                .hasMessage("inequivalent arg 'alternate-exchange' for exchange 'e' in vhost '/':"
                        + " received 'b' but current is 'a'");
    }

    @Test
    void refusesAnAlternateExchangeThatIsNotAString() {
        FieldTable arguments = TestTopology.table("alternate-exchange", FieldValue.of(5));

        assertThatThrownBy(() -> Exchange.validateNewArguments(
                        "e", "/", ExchangeTypes.DIRECT, arguments, ExchangeTypes.builtIn()))
                .isInstanceOf(AmqpError.class)
                .hasMessage("invalid type 'signedint' for arg 'alternate-exchange' in exchange 'e' in vhost '/'");
        assertThatCode(() -> Exchange.validateNewArguments(
                        "e", "/", ExchangeTypes.DIRECT, ALTERNATE_A, ExchangeTypes.builtIn()))
                .doesNotThrowAnyException();
    }

    @Test
    void bindsTheSameThingOnce() {
        Binding binding = new Binding(direct, topology.queue("q"), "k", FieldTable.EMPTY);

        assertThat(direct.bind(binding)).isTrue();
        assertThat(direct.bind(new Binding(direct, topology.queue("q"), "k", FieldTable.EMPTY)))
                .isFalse();
        assertThat(direct.bindings()).containsExactly(binding);
        assertThat(direct.unbind(binding)).isTrue();
        assertThat(direct.unbind(binding)).isFalse();
        assertThat(direct.hasBindings()).isFalse();
    }

    @Test
    void keepsBindingsApartThatDifferInAnyPart() {
        topology.bind(direct, topology.queue("q"), "k");
        topology.bind(direct, topology.queue("r"), "k");
        topology.bind(direct, topology.queue("q"), "l");
        topology.bind(direct, topology.queue("q"), "k", TestTopology.table("a", FieldValue.of(1)));
        topology.bind(direct, topology.queue("q"), "k", TestTopology.table("a", FieldValue.of(1L)));

        assertThat(direct.bindings()).hasSize(5);
    }

    @Test
    void refusesABindingOfAnotherExchange() {
        Binding binding = new Binding(
                topology.exchange("other", ExchangeTypes.DIRECT), topology.queue("q"), "k", FieldTable.EMPTY);

        assertThatThrownBy(() -> direct.bind(binding)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> direct.unbind(binding)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToBindTheDefaultExchange() {
        Exchange exchange = topology.defaultExchange();

        assertThat(exchange.isDefault()).isTrue();
        assertThatThrownBy(() -> topology.bind(exchange, topology.queue("q"), "k"))
                .isInstanceOfSatisfying(
                        AmqpError.class, error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.ACCESS_REFUSED))
                .hasMessage("operation not permitted on the default exchange");
    }
}
