package io.leveret.broker.exchange.jms;

import static io.leveret.broker.exchange.TestTopology.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Binding;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.TestMessage;
import io.leveret.broker.exchange.TestTopology;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JmsTopicTypeTests {
    private final TestTopology topology = new TestTopology();
    private final Exchange exchange = topology.exchange("e", new JmsTopicType());

    private Binding bind(String queue, String selector) {
        return topology.bind(
                exchange, topology.queue(queue), "key", table("rjms_erlang_selector", FieldValue.of(selector)));
    }

    private String route(FieldTable headers) {
        return topology.route(exchange, TestMessage.of("another.key", headers));
    }

    @Test
    void routesBySelectorsWhateverTheKeys() {
        bind("blue", "{'=',{'ident',<<\"color\">>},<<\"blue\">>}.");
        Binding coloured = bind("coloured", "{'not_null',{'ident',<<\"color\">>}}.");
        assertThat(route(table("color", FieldValue.of("blue")))).isEqualTo("blue coloured");
        assertThat(route(table("color", FieldValue.of("red")))).isEqualTo("coloured");
        assertThat(route(FieldTable.EMPTY)).isEmpty();
        exchange.unbind(coloured);
        assertThat(route(table("color", FieldValue.of("red")))).isEmpty();
    }

    @Test
    void refusesABindingWithoutASelector() {
        assertThatThrownBy(() -> topology.bind(exchange, topology.queue("q"), "k"))
                .isInstanceOf(AmqpError.class)
                .hasMessage("cannot parse selector 'error' binding destination 'q' to exchange 'e'");
    }

    @Test
    void refusesASelectorThatIsNone() {
        assertThatThrownBy(() -> bind("q", "{'=',<<\"a\">>"))
                .isInstanceOf(AmqpError.class)
                .hasMessage("cannot parse selector '\"{'=',<<\\\"a\\\">>\"' binding destination 'q' to exchange 'e'");
        assertThat(exchange.hasBindings()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "{",
                "{}",
                "true..",
                "true. false.",
                "nonsense",
                "{'nonsense',1}",
                "{'nonsense',1,2}",
                "{'=',1}",
                "{'=',1,2,3}",
                "{'and',1,2,3,4}",
                "{'like',{'ident',<<\"a\">>},<<\"%\">>,<<\"ab\">>}",
                "{'like',{'ident',<<\"a\">>},1,no_escape}",
                "{'in',{'ident',<<\"a\">>},<<\"b\">>}",
                "{'between',1,2}",
                "{'ident',1}",
                "<<\"a",
                "<<\"a\\",
                "<<\"a\"/latin1>>",
                "<<1>>",
                "'a",
                "1.0e",
                "1.0e999",
                "99#1",
                "16#G",
                "-",
                "[1,2",
                "[1,2]",
                "{'=',{'ident',<<\"a\">>},<<\"b\">>} x"
            })
    void refusesOtherTerms(String selector) {
        assertThatThrownBy(() -> bind("q", selector))
                .isInstanceOf(AmqpError.class)
                .hasMessageStartingWith("cannot parse selector");
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        String deep = "{'not',".repeat(TermReader.MAX_DEPTH) + "true" + "}".repeat(TermReader.MAX_DEPTH);
        bind("q", deep);
        assertThatThrownBy(() -> bind("q", "{'not'," + deep + "}")).isInstanceOf(AmqpError.class);
        assertThatThrownBy(() -> bind("q", "{".repeat(100_000))).isInstanceOf(AmqpError.class);
        assertThatThrownBy(() -> bind("q", "[".repeat(100_000))).isInstanceOf(AmqpError.class);
    }

    @Test
    void refusesAPatternThatCouldTakeLong() {
        String like = "{'like',{'ident',<<\"a\">>},<<\"" + "%a".repeat(512) + "\">>,no_escape}";
        bind("q", like);
        assertThatThrownBy(() -> bind("q", like.replace("%a%a", "%a%a%a"))).isInstanceOf(AmqpError.class);
    }

    @Test
    void cannotBeRemembered() {
        assertThat(topology.routes(exchange, "k", List.of(), TestTopology.NO_HEADERS)
                        .dependsOnKeyAlone())
                .isFalse();
    }
}
