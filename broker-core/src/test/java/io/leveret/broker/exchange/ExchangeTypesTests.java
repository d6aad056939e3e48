package io.leveret.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTypesTests {
    private record NamedType(String name) implements ExchangeType {
        @Override
        public BindingTable newTable(ExchangeContext exchange) {
            return new FanoutTable();
        }
    }

    @Test
    void hasTheFourTypesOfTheProtocol() {
        ExchangeTypes types = ExchangeTypes.load(getClass().getClassLoader());

        assertThat(types.names()).contains("direct", "fanout", "topic", "headers");
        assertThat(types.require("topic")).isSameAs(ExchangeTypes.TOPIC);
        assertThat(types.find("x-unknown")).isNull();
    }

    @Test
    void findsTheOtherTypesAsServices() {
        assertThat(ExchangeTypes.load(getClass().getClassLoader()).names())
                .contains(
                        "x-consistent-hash",
                        "x-delayed-message",
                        "x-jms-topic",
                        "x-local-random",
                        "x-modulus-hash",
                        "x-random",
                        "x-recent-history",
                        // of the tests
                        "x-first-letter");
    }

    @Test
    void takesMoreTypesButNoneTwice() {
        NamedType random = new NamedType("x-random");

        assertThat(ExchangeTypes.builtIn().with(List.of(random)).require("x-random"))
                .isSameAs(random);
        assertThatThrownBy(() -> ExchangeTypes.builtIn().with(List.of(new NamedType("topic"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("topic");
    }

    @Test
    void refusesAnUnknownType() {
        assertThatThrownBy(() -> ExchangeTypes.builtIn().require("x"))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED))
                .hasMessage("unknown exchange type 'x'");
    }
}
