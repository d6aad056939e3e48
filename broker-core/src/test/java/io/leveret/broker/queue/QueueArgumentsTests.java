package io.leveret.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leveret.broker.error.AmqpError;
import io.leveret.broker.error.ReplyCode;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QueueArgumentsTests {
    private static final FieldValue TEXT = FieldValue.of("a");
    private static final FieldValue FIVE = FieldValue.of(5);
    private static final FieldValue MINUS_ONE = FieldValue.of(-1);

    static Stream<Arguments> badValues() {
        return Stream.of(
                bad("x-queue-type", FieldValue.of("x"), "\"unsupported queue type 'x'\""),
                bad("x-queue-type", FIVE, "{unacceptable_type,signedint}"),
                bad("x-message-ttl", MINUS_ONE, "{value_negative,-1}"),
                bad("x-message-ttl", FieldValue.of(315360000001L), "{value_too_large,315360000001}"),
                bad("x-message-ttl", TEXT, "\"expected integer, got longstr\""),
                bad("x-message-ttl", FieldValue.timestamp(5), "\"expected integer, got timestamp\""),
                bad("x-expires", FieldValue.of(0), "{value_zero,0}"),
                bad("x-expires", MINUS_ONE, "{value_negative,-1}"),
                bad("x-expires", FieldValue.of(315360000001L), "{value_too_large,315360000001}"),
                bad("x-expires", new FieldValue('d', 1.0), "\"expected integer, got double\""),
                bad("x-dead-letter-routing-key", TEXT, "routing_key_but_no_dlx_defined"),
                bad("x-dead-letter-routing-key", FIVE, "{unacceptable_type,signedint}"),
                bad("x-max-length", MINUS_ONE, "{value_negative,-1}"),
                bad("x-max-length", TEXT, "\"expected integer, got longstr\""),
                bad("x-max-length-bytes", MINUS_ONE, "{value_negative,-1}"),
                bad("x-overflow", TEXT, "invalid_overflow"),
                bad("x-overflow", FIVE, "{unacceptable_type,signedint}"),
                bad("x-max-priority", FieldValue.of(256), "{max_value_exceeded,256}"),
                bad("x-max-priority", MINUS_ONE, "{value_negative,-1}"),
                bad("x-max-priority", FieldValue.of(1L << 40), "{max_value_exceeded,1099511627776}"),
                bad("x-queue-version", FieldValue.of(1), "\"unsupported queue version '1'\""),
                bad("x-queue-version", TEXT, "\"expected integer, got longstr\""),
                bad("x-single-active-consumer", FIVE, "{unacceptable_type,signedint}"),
                bad("x-queue-leader-locator", TEXT, "invalid_queue_locator_arg"),
                bad("x-queue-leader-locator", FIVE, "{unacceptable_type,signedint}"));
    }

    private static Arguments bad(String name, FieldValue value, String term) {
        return Arguments.of(name, value, term);
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void refusesABadValue(String name, FieldValue value, String term) {
        assertThatThrownBy(() -> parse(name, value))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED))
                .hasMessage("invalid arg '" + name + "' for queue 'q' in vhost '/': " + term);
    }

    @Test
    void refusesBadValuesOfOtherTypesForThoseTypes() {
        assertThatThrownBy(() -> parse("x-queue-type", FieldValue.of("quorum"), "x-dead-letter-strategy", TEXT))
                .hasMessage("invalid arg 'x-dead-letter-strategy' for queue 'q' in vhost '/': invalid_dlx_strategy");
        FieldValue zero = FieldValue.of(0);
        assertThatThrownBy(() -> parse("x-queue-type", FieldValue.of("quorum"), "x-quorum-initial-group-size", zero))
                .hasMessage("invalid arg 'x-quorum-initial-group-size' for queue 'q' in vhost '/': {value_zero,0}");
        assertThatThrownBy(() -> parse("x-queue-type", FieldValue.of("stream"), "x-max-age", FieldValue.of("0D")))
                .hasMessage("invalid arg 'x-max-age' for queue 'q' in vhost '/': invalid_max_age");
        assertThatThrownBy(() -> parse("x-queue-type", FieldValue.of("stream"), "x-max-age", FIVE))
                .hasMessage("invalid arg 'x-max-age' for queue 'q' in vhost '/': {unacceptable_type,signedint}");
    }

    @Test
    void refusesArgumentsOfOtherTypesWhateverTheirValue() {
        for (String name : List.of("x-max-age", "x-delivery-limit", "x-dead-letter-strategy", "x-consumer-timeout")) {
            assertThatThrownBy(() -> parse(name, TEXT))
                    .isInstanceOf(AmqpError.class)
                    .hasMessage(
                            "invalid arg '" + name + "' for queue 'q' in vhost '/' of queue type rabbit_classic_queue");
        }
        assertThatThrownBy(() -> parse("x-queue-type", FieldValue.of("quorum"), "x-max-priority", FIVE))
                .hasMessage("invalid arg 'x-max-priority' for queue 'q' in vhost '/'"
                        + " of queue type rabbit_quorum_queue");
        assertThatThrownBy(() -> parse("x-queue-type", FieldValue.of("stream"), "x-overflow", FIVE))
                .hasMessage("invalid arg 'x-overflow' for queue 'q' in vhost '/' of queue type rabbit_stream_queue");
    }

    @Test
    void reportsBadValuesBeforeArgumentsOfOtherTypes() {
        assertThatThrownBy(() -> parse("x-dead-letter-strategy", TEXT, "x-max-length", MINUS_ONE))
                .hasMessage("invalid arg 'x-max-length' for queue 'q' in vhost '/': {value_negative,-1}");
    }

    @Test
    void reportsTheFirstBadValueInRabbitMqsOrder() {
        assertThatThrownBy(() -> parse("x-overflow", TEXT, "x-message-ttl", MINUS_ONE, "x-expires", MINUS_ONE))
                .hasMessage("invalid arg 'x-expires' for queue 'q' in vhost '/': {value_negative,-1}");
        assertThatThrownBy(() -> parse("x-overflow", TEXT, "x-queue-type", TEXT))
                .hasMessageContaining("'x-queue-type'");
    }

    @Test
    void reportsTheTypeOfTheDeadLetterExchangeBeforeEverythingElse() {
        assertThatThrownBy(() -> parse("x-queue-type", TEXT, "x-dead-letter-exchange", FIVE))
                .isInstanceOf(AmqpError.class)
                .hasMessage("invalid type 'signedint' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'");
    }

    @Test
    void acceptsWhatHasNoEffectAndWhatIsUnknown() {
        QueueArguments arguments = parse(
                "x-queue-type",
                FieldValue.of("classic"),
                "x-queue-mode",
                FieldValue.of("lazy"),
                "x-queue-version",
                FieldValue.of(2),
                "x-queue-leader-locator",
                FieldValue.of("balanced"),
                "x-max-priority",
                FieldValue.of(0),
                "x-single-active-consumer",
                FieldValue.of(false),
                "whatever",
                FIVE);

        assertThat(arguments).isEqualTo(new QueueArguments(-1, -1, null, null, -1, -1, 0, null, false));
        assertThat(QueueArguments.parse("/", "q", FieldTable.EMPTY))
                .isEqualTo(new QueueArguments(-1, -1, null, null, -1, -1, -1, null, false));
    }

    @Test
    void takesWhatQueuesCanDo() {
        QueueArguments arguments = parse(
                "x-message-ttl", FieldValue.of(0),
                "x-expires", new FieldValue('s', 1000L),
                "x-dead-letter-exchange", FieldValue.of(""),
                "x-dead-letter-routing-key", FieldValue.of("key"),
                "x-max-length", FieldValue.of(0),
                "x-max-length-bytes", FIVE,
                "x-overflow", FieldValue.of("reject-publish"),
                "x-max-priority", FieldValue.of(255));
        assertThat(arguments)
                .isEqualTo(new QueueArguments(
                        1000, 0, "", "key", 0, 5, 255, QueueArguments.Overflow.REJECT_PUBLISH, false));
    }

    @Test
    void refusesQuorumQueuesAndStreams() {
        for (String type : List.of("quorum", "stream")) {
            assertThatThrownBy(() -> parse("x-queue-type", FieldValue.of(type)))
                    .isInstanceOfSatisfying(
                            AmqpError.class,
                            error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.NOT_IMPLEMENTED))
                    .hasMessage("queues of type '" + type + "' are not supported: queue 'q' in vhost '/'");
        }
    }

    @Test
    void deniesTheMasterLocatorUnlessPermitted() {
        FieldTable arguments = table("x-queue-master-locator", FieldValue.of("min-masters"));
        assertThatThrownBy(() -> QueueArguments.refuseMasterLocator(arguments))
                .isInstanceOfSatisfying(
                        AmqpError.class, error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.INTERNAL_ERROR))
                .hasMessageStartingWith("Feature `queue_master_locator` is deprecated.");
    }

    @Test
    void takesEqualValuesForEquivalentWhateverTheirTags() {
        assertThatCode(() -> {
                    check(table("x-message-ttl", FIVE), table("x-message-ttl", FieldValue.of(5L)));
                    check(table("x-message-ttl", FIVE), table("x-message-ttl", FieldValue.timestamp(5)));
                    check(
                            table("x-overflow", FieldValue.of("drop-head")),
                            table("x-overflow", new FieldValue('x', "drop-head".getBytes())));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void ignoresUnknownArgumentsOnBothSides() {
        assertThatCode(() -> {
                    check(table("unknown", FIVE), FieldTable.EMPTY);
                    check(FieldTable.EMPTY, table("x-delivery-limit", FIVE));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void takesNoTypeForClassic() {
        assertThatCode(() -> {
                    check(FieldTable.EMPTY, table("x-queue-type", FieldValue.of("classic")));
                    check(table("x-queue-type", FieldValue.of("classic")), FieldTable.EMPTY);
                    check(
                            table("x-queue-type", FieldValue.of("rabbit_classic_queue")),
                            table("x-queue-type", FieldValue.of("classic")));
                })
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check(FieldTable.EMPTY, table("x-queue-type", FieldValue.of("quorum"))))
                .hasMessage("inequivalent arg 'x-queue-type' for queue 'q' in vhost '/':"
                        + " received 'quorum' but current is 'classic'");
    }

    @Test
    void namesTheDifference() {
        FieldTable hundred = table("x-message-ttl", FieldValue.of(100));
        assertThatThrownBy(() -> check(hundred, table("x-message-ttl", FieldValue.of(200))))
                .isInstanceOfSatisfying(
                        AmqpError.class,
                        error -> assertThat(error.replyCode()).isEqualTo(ReplyCode.PRECONDITION_FAILED))
                .hasMessage("inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/':"
                        + " received '200' but current is '100'");
        assertThatThrownBy(() -> check(FieldTable.EMPTY, hundred))
                .hasMessage("inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/':"
                        + " received the value '100' of type 'signedint' but current is none");
        assertThatThrownBy(() -> check(hundred, FieldTable.EMPTY))
                .hasMessage("inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/':"
                        + " received none but current is the value '100' of type 'signedint'");
        assertThatThrownBy(() -> check(hundred, table("x-message-ttl", new FieldValue('d', 100.0))))
                .hasMessage("inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/':"
                        + " received '100.0' but current is '100'");
        assertThatThrownBy(() -> check(hundred, table("x-message-ttl", FieldValue.of(List.of(TEXT)))))
                .hasMessage("inequivalent arg 'x-message-ttl' for queue 'q' in vhost '/':"
                        + " received '[{longstr,<<\"a\">>}]' but current is '100'");
    }

    private static void check(FieldTable existing, FieldTable requested) {
        QueueArguments.checkEquivalent("/", "q", existing, requested);
    }

    private static QueueArguments parse(Object... namesAndValues) {
        return QueueArguments.parse("/", "q", table(namesAndValues));
    }

    private static FieldTable table(Object... namesAndValues) {
        Map<String, FieldValue> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], (FieldValue) namesAndValues[i + 1]);
        }
        return FieldTable.of(fields);
    }
}
