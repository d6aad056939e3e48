package io.leveret.broker.exchange.delayed;

import static io.leveret.broker.exchange.TestTopology.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.exchange.Exchange;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.RecordingHost;
import io.leveret.broker.exchange.StoredMessage;
import io.leveret.broker.exchange.TestMessage;
import io.leveret.broker.exchange.TestTopology;
import io.leveret.broker.message.BasicProperties;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import io.leveret.broker.message.Message;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelayedMessageTypeTests {
    private static final String INVALID = "Invalid argument, 'x-delayed-type' must be an existing exchange type";

    private final DelayedMessageType type = new DelayedMessageType();
    private final RecordingHost host = new RecordingHost();
    private final TestTopology topology = new TestTopology(host);
    private final Exchange exchange =
            topology.exchange("delayed", type, table("x-delayed-type", FieldValue.of("direct")));

    private String publish(String key, FieldValue delay) {
        return topology.route(exchange, TestMessage.of(key, table("x-delay", delay)));
    }

    private void publish(String key, long delay) {
        assertThat(publish(key, FieldValue.of(delay))).isEmpty();
    }

    @Test
    void routesWithoutADelayAtOnceByTheRulesOfTheOtherType() {
        topology.bind(exchange, topology.queue("q"), "k");
        assertThat(topology.route(exchange, TestMessage.of("k"))).isEqualTo("q");
        assertThat(topology.route(exchange, TestMessage.of("l"))).isEmpty();
    }

    @Test
    void publishesAgainWhenTheTimeHasCome() {
        topology.bind(exchange, topology.queue("q"), "k");
        publish("k", 1_000);
        host.advance(999);
        assertThat(host.delivered()).isEmpty();
        host.advance(1);
        assertThat(host.delivered()).containsExactly("delayed k");
        assertThat(topology.route(
                        exchange, new StoredMessage().of(host.messages().get(0))))
                .as("and routes it then")
                .isEqualTo("q");
    }

    @Test
    void publishesInTheOrderOfTimesAndThenOfArrival() {
        publish("late", 300);
        publish("a", 200);
        publish("early", 100);
        publish("b", 200);
        host.advance(50);
        publish("c", 150);
        host.advance(1_000);
        assertThat(host.delivered())
                .containsExactly("delayed early", "delayed a", "delayed b", "delayed c", "delayed late");
    }

    @Test
    void aPurgeForgetsWhatWaitsAndNothingElse() {
        publish("gone", 100);
        exchange.purge();
        host.advance(50);
        publish("kept", 100);
        host.advance(1_000);
        assertThat(host.delivered()).containsExactly("delayed kept");
    }

    @Test
    void takesDelaysUpTo49Days() {
        long longest = 4_294_967_295L;
        publish("k", longest);
        host.advance(longest - 1);
        assertThat(host.delivered()).isEmpty();
        host.advance(1);
        assertThat(host.delivered()).containsExactly("delayed k");
        assertThat(delayOf(host.messages().get(0)).asLong()).isEqualTo(-longest);
    }

    static List<FieldValue> delaysOfASecond() {
        return List.of(
                FieldValue.of(1_000),
                FieldValue.of(1_000L),
                new FieldValue('s', 1_000L),
                new FieldValue('u', 1_000L),
                new FieldValue('i', 1_000L),
                FieldValue.of("1000"),
                new FieldValue('d', 1_000.9),
                new FieldValue('f', 1_000.5f),
                new FieldValue('D', new BigDecimal("1000.25")));
    }

    @ParameterizedTest
    @MethodSource("delaysOfASecond")
    void understandsNumbersInAnyForm(FieldValue delay) {
        assertThat(publish("k", delay)).isEmpty();
        host.advance(999);
        assertThat(host.delivered()).isEmpty();
        host.advance(1);
        assertThat(host.delivered()).containsExactly("delayed k");
        FieldValue negated = delayOf(host.messages().get(0));
        assertThat(negated).isEqualTo(FieldValue.of(-1_000));
    }

    static List<FieldValue> delaysThatAreNone() {
        return List.of(
                FieldValue.of(0),
                FieldValue.of(-5),
                FieldValue.of(4_294_967_296L),
                FieldValue.of(Long.MAX_VALUE),
                FieldValue.of(Long.MIN_VALUE),
                FieldValue.of("soon"),
                FieldValue.of(""),
                FieldValue.of("9".repeat(10_000)),
                FieldValue.of(true),
                FieldValue.timestamp(1_000),
                new FieldValue('d', Double.NaN),
                new FieldValue('V', null),
                FieldValue.of(List.of(FieldValue.of(1))));
    }

    @ParameterizedTest
    @MethodSource("delaysThatAreNone")
    void routesAtOnceWhatAsksForNoPossibleDelay(FieldValue delay) {
        topology.bind(exchange, topology.queue("q"), "k");
        assertThat(publish("k", delay)).isEqualTo("q");
        assertThat(host.held()).isZero();
    }

    @Test
    void changesNothingElseOfTheMessage() {
        BasicProperties properties = BasicProperties.builder()
                .headers(table("z", FieldValue.of("1"))
                        .with("x-delay", FieldValue.of(5))
                        .with("a", FieldValue.of(2)))
                .contentType("text/plain")
                .priority(3)
                .expiration("99")
                .messageId("id")
                .timestamp(7L)
                .build();
        topology.route(exchange, TestMessage.of("some.key", properties));
        host.advance(5);

        Message released = host.messages().get(0);
        BasicProperties now =
                BasicProperties.read(released.data(), released.propertiesOffset(), released.propertiesLength());
        FieldTable headers = now.headers();
        assertThat(headers).isNotNull();
        assertThat(headers.asMap())
                .containsExactly(
                        Map.entry("a", FieldValue.of(2)),
                        Map.entry("x-delay", FieldValue.of(-5)),
                        Map.entry("z", FieldValue.of("1")));
        assertThat(now.toBuilder().headers(null).build())
                .isEqualTo(properties.toBuilder().headers(null).build());
        assertThat(released.routingKey()).isEqualTo("some.key");
        assertThat(new String(released.data(), released.bodyOffset(), released.bodyLength()))
                .isEqualTo("some.key");
    }

    @Test
    void dropsWhatWaitsWithTheExchange() {
        publish("k", 100);
        publish("k", 200);
        assertThat(host.held()).isPositive();
        exchange.deleted();
        publish("late", 100);
        host.run();
        assertThat(host.held()).isZero();
        host.advance(1_000);
        assertThat(host.delivered()).isEmpty();
    }

    @Test
    void countsWhatItHolds() {
        publish("k", 100);
        long one = host.held();
        assertThat(one).isPositive();
        publish("k", 200);
        assertThat(host.held()).isEqualTo(2 * one);
        host.advance(100);
        assertThat(host.held()).isEqualTo(one);
        host.advance(100);
        assertThat(host.held()).isZero();
    }

    @Test
    void releasesMoreThanATurnOfTheLoopTakes() {
        for (int i = 0; i < 5_000; i++) {
            publish("k" + i, 100);
        }
        host.run();
        host.loop().advance(100);
        host.loop().step();
        assertThat(host.delivered()).as("of the first turn").hasSize(1_024);
        for (int i = 0; i < 5; i++) {
            host.advance(0);
        }
        List<String> rest = host.delivered();
        assertThat(rest).hasSize(5_000 - 1_024).startsWith("delayed k1024").endsWith("delayed k4999");
    }

    @Test
    void needsATypeThatThereIs() {
        ExchangeTypes types = host.types();
        assertThatThrownBy(() -> type.validateArguments(FieldTable.EMPTY, types))
                .isInstanceOf(AmqpError.class)
                .hasMessage(INVALID);
        assertThatThrownBy(() -> type.validateArguments(table("x-delayed-type", FieldValue.of(1)), types))
                .hasMessage(INVALID);
        for (String none : new String[] {"x-delayed-message", "nonsense", ""}) {
            assertThatThrownBy(() -> type.validateArguments(table("x-delayed-type", FieldValue.of(none)), types))
                    .hasMessage(INVALID);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "fanout", "topic", "headers", "x-random", "x-first-letter", "x-recent-history"})
    void takesAnyOtherType(String underlying) {
        assertThatCode(() -> type.validateArguments(table("x-delayed-type", FieldValue.of(underlying)), host.types()))
                .doesNotThrowAnyException();
    }

    @Test
    void leavesArgumentsAndBindingsToTheOtherType() {
        FieldTable arguments = table("x-delayed-type", FieldValue.of("x-consistent-hash"))
                .with("hash-property", FieldValue.of("type"));
        assertThatThrownBy(() -> type.validateArguments(arguments, host.types()))
                .hasMessage("Unsupported property: type");
        Exchange hashing = topology.exchange("h", type, table("x-delayed-type", FieldValue.of("x-consistent-hash")));
        assertThatThrownBy(() -> topology.bind(hashing, topology.queue("q"), "x"))
                .hasMessageContaining("must be an integer");
    }

    private static FieldValue delayOf(Message message) {
        FieldTable headers = new StoredMessage().of(message).headers();
        FieldValue delay = headers.get("x-delay");
        assertThat(delay).isNotNull();
        return delay;
    }
}
