package io.leveret.broker.exchange.history;

import static io.leveret.broker.exchange.TestTopology.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.RecordingHost;
import io.leveret.broker.exchange.TestMessage;
import io.leveret.broker.exchange.TestTopology;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentHistoryTypeTests {
    private static final String LENGTH = "x-recent-history-length";

    private final RecentHistoryType type = new RecentHistoryType();
    private final RecordingHost host = new RecordingHost();
    private final TestTopology topology = new TestTopology(host);

    private Exchange exchange(int length) {
        return topology.exchange("e", type, table(LENGTH, FieldValue.of(length)));
    }

    private void publish(Exchange exchange, int from, int to) {
        for (int i = from; i <= to; i++) {
            topology.route(exchange, TestMessage.of("m" + i));
        }
    }

    private static List<String> expected(String destination, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> destination + " m" + i)
                .toList();
    }

    @Test
    void goesToAllQueuesWhateverTheKeys() {
        Exchange exchange = topology.exchange("e", type);
        topology.bind(exchange, topology.queue("a"), "x");
        topology.bind(exchange, topology.queue("b"), "y");
        assertThat(topology.route(exchange, TestMessage.of("z"))).isEqualTo("a b");
    }

    @Test
    void passesOnTheLastTwentyMessagesOldestFirst() {
        Exchange exchange = topology.exchange("e", type);
        publish(exchange, 1, 25);
        topology.bind(exchange, topology.queue("q"), "");
        assertThat(host.delivered()).isEqualTo(expected("q", 6, 25));
    }

    @Test
    void keepsAsManyAsItIsTold() {
        Exchange exchange = exchange(3);
        publish(exchange, 1, 2);
        topology.bind(exchange, topology.queue("first"), "");
        assertThat(host.delivered()).isEqualTo(expected("first", 1, 2));
        publish(exchange, 3, 5);
        topology.bind(exchange, topology.queue("second"), "");
        assertThat(host.delivered()).as("and only the new one gets them").isEqualTo(expected("second", 3, 5));
    }

    @Test
    void aPurgeForgetsTheHistoryAndNothingElse() {
        Exchange exchange = exchange(3);
        publish(exchange, 1, 3);
        exchange.purge();
        publish(exchange, 4, 4);
        topology.bind(exchange, topology.queue("q"), "");
        assertThat(host.delivered()).isEqualTo(expected("q", 4, 4));
    }

    @Test
    void passesOnToExchangesNewestFirst() {
        Exchange exchange = exchange(3);
        publish(exchange, 1, 2);
        topology.bind(exchange, topology.exchange("next", ExchangeTypes.FANOUT), "");
        assertThat(host.delivered()).containsExactly("next m2", "next m1");
    }

    @Test
    void doesNotKeepWhatMustNotBeStored() {
        Exchange exchange = exchange(3);
        FieldTable noStore = table("x-recent-history-no-store", FieldValue.of(true));
        topology.route(exchange, TestMessage.of("secret", noStore));
        topology.route(exchange, TestMessage.of("kept", table("x-recent-history-no-store", FieldValue.of(false))));
        topology.route(exchange, TestMessage.of("text", table("x-recent-history-no-store", FieldValue.of("true"))));
        topology.bind(exchange, topology.queue("q"), "");
        assertThat(host.delivered()).containsExactly("q kept", "q text");
    }

    @Test
    void countsWhatItHoldsAndLetsGoWithTheExchange() {
        Exchange exchange = exchange(2);
        publish(exchange, 1, 2);
        long two = host.held();
        assertThat(two).isPositive();
        publish(exchange, 3, 9);
        assertThat(host.held()).isEqualTo(two);
        exchange.deleted();
        assertThat(host.held()).isZero();
        publish(exchange, 1, 1);
        assertThat(host.held()).as("a late one").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesALengthThatIsNotPositive(int length) {
        assertRefused(FieldValue.of(length), Integer.toString(length));
    }

    @Test
    void refusesALengthThatIsNoInteger() {
        assertRefused(FieldValue.of("3"), "<<\"3\">>");
        assertRefused(FieldValue.of(true), "true");
    }

    private void assertRefused(FieldValue length, String printed) {
        assertThatThrownBy(() -> type.validateArguments(table(LENGTH, length), ExchangeTypes.builtIn()))
                .isInstanceOf(AmqpError.class)
                .hasMessage("Invalid argument " + printed + ", 'x-recent-history-length' must be a positive integer");
    }
}
