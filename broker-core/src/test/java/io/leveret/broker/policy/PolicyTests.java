package io.leveret.broker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InvalidDefinitionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTests {

    /** Values that begin with a digit, a sign or a quote are JSON's, others are text. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "alternate-exchange, e",
                "dead-letter-exchange, ``",
                "dead-letter-routing-key, k",
                "dead-letter-strategy, at-most-once",
                "dead-letter-strategy, at-least-once",
                "message-ttl, 0",
                "expires, 1",
                "max-length, 0",
                "max-length-bytes, 0",
                "overflow, drop-head",
                "overflow, reject-publish",
                "overflow, reject-publish-dlx",
                "delivery-limit, -1",
                "delivery-limit, 5",
                "max-in-memory-length, 0",
                "max-in-memory-bytes, 0",
                "queue-mode, default",
                "queue-mode, lazy",
                "queue-version, 1",
                "queue-version, 2",
                "queue-leader-locator, client-local",
                "queue-leader-locator, balanced",
                "queue-leader-locator, random",
                "queue-leader-locator, least-leaders",
                "queue-leader-locator, min-masters",
                "consumer-timeout, 0",
                "consumer-disconnected-timeout, 0",
                "delayed-retry-type, disabled",
                "delayed-retry-min, 0",
                "delayed-retry-max, 0",
                "target-group-size, 1",
                "max-age, 1h",
                "max-age, 10Y",
                "stream-max-segment-size-bytes, 0",
                "stream-max-segment-size-bytes, 3000000000",
                "initial-cluster-size, 0",
                "stream-filter-size-bytes, 16",
                "stream-filter-size-bytes, 255"
            })
    void takesWhatAKeyMaySay(String key, String value) {
        assertThat(Policy.of(policy(Map.of(key, json(value)))).definition().definition())
                .containsOnlyKeys(key);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "alternate-exchange, 1, 1 is not a valid alternate exchange name",
                "dead-letter-exchange, 1, 1 is not a valid dead letter exchange name",
                "dead-letter-routing-key, 1, 1 is not a valid dead letter routing key",
                "dead-letter-strategy, x, <<\"x\">> is not a valid dead letter strategy",
                "message-ttl, -1, -1 is not a valid message TTL",
                "message-ttl, x, <<\"x\">> is not a valid message TTL",
                "message-ttl, 1.5, 1.5 is not a valid message TTL",
                "expires, 0, 0 is not a valid queue expiry",
                "max-length, -1, -1 is not a valid maximum length",
                "max-length-bytes, true, true is not a valid maximum length in bytes",
                "overflow, x, <<\"x\">> is not a valid overflow value",
                "delivery-limit, x, <<\"x\">> is not a valid delivery limit",
                "max-in-memory-length, -1, -1 is not a valid maximum memory in bytes",
                "max-in-memory-bytes, -1, -1 is not a valid maximum memory in bytes",
                "queue-mode, x, <<\"x\">> is not a valid queue-mode value",
                "queue-version, 3, 3 is not a valid queue-version value",
                "queue-leader-locator, x, <<\"x\">> is not a valid queue leader locator value",
                "consumer-timeout, -1, -1 is not a valid consumer timeout",
                "consumer-disconnected-timeout, -1, -1 is not a valid consumer disconnected timeout",
                "delayed-retry-type, x, <<\"x\">> is not a valid delayed retry type",
                "delayed-retry-min, -1, -1 is not a valid minimum delayed retry",
                "delayed-retry-max, -1, -1 is not a valid maximum delayed retry",
                "target-group-size, 0, 0 is not a valid qq target count value",
                "max-age, x, <<\"x\">> is not a valid max age",
                "max-age, 0h, <<\"0h\">> is not a valid max age",
                "stream-max-segment-size-bytes, 3000000001, 3000000001 is not a valid segment size",
                "initial-cluster-size, -1, -1 is not a valid cluster size",
                "stream-filter-size-bytes, 15, 15 is not a valid filter size. Valid range is 16-255",
                "stream-filter-size-bytes, 256, 256 is not a valid filter size. Valid range is 16-255"
            })
    void refusesWhatAKeyMayNotSay(String key, String value, String text) {
        assertRefused(policy(Map.of(key, json(value))), text);
    }

    @Test
    void namesAllKeysItDoesNotKnow() {
        assertRefused(
                policy(Map.of("foo", 1L, "bar", "a", "max-length", 1L)),
                "[{<<\"bar\">>,<<\"a\">>},{<<\"foo\">>,1}] are not recognised policy settings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ha-mode", "ha-params", "queue-master-locator", "federation-upstream", "shards-per-node"})
    void doesNotKnowKeysOfPluginsAndOfOldReleases(String key) {
        assertRefused(policy(Map.of(key, "x")), "[{<<\"" + key + "\">>,<<\"x\">>}] are not recognised policy settings");
    }

    @Test
    void leavesOutKeysOfOldReleasesWhenAskedTo() {
        Definition.Policy old =
                policy(Map.of("ha-mode", "all", "ha-sync-mode", "x", "queue-master-locator", "y", "max-length", 1L));
        assertThat(Policy.withoutLegacySettings(old).definition()).containsOnlyKeys("max-length");
    }

    @Test
    void mustSaySomething() {
        assertRefused(policy(Map.of()), "no policy provided");
    }

    @Test
    void aWrongValueIsReportedBeforeAnUnknownKey() {
        assertRefused(policy(Map.of("foo", 1L, "max-length", -1L)), "-1 is not a valid maximum length");
    }

    @Test
    void refusesAnUnknownApplyTo() {
        assertRefused(
                new Definition.Policy("/", "p", false, "", "things", 0, Map.of("max-length", 1L)),
                "apply-to 'things' unrecognised; should be one of: 'queues', 'classic_queues',  'quorum_queues',"
                        + " 'streams', 'exchanges', or 'all'");
    }

    @Test
    void refusesAPatternThatIsNone() {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() ->
                        Policy.of(new Definition.Policy("/", "p", false, "(x", "all", 0, Map.of("max-length", 1L))))
                .withMessageStartingWith(
                        "Validation failed\n\npattern should be regular expression but is invalid: {\"");
    }

    @Test
    void namesAllThatIsWrongInRabbitMqsOrder() {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(
                        () -> Policy.of(new Definition.Policy("/", "p", false, "(x", "things", 0, Map.of("foo", 1L))))
                .satisfies(thrown -> assertThat(thrown.errors())
                        .satisfiesExactly(
                                text -> assertThat(text).endsWith("are not recognised policy settings"),
                                text -> assertThat(text).startsWith("apply-to 'things' unrecognised"),
                                text -> assertThat(text).startsWith("pattern should be regular expression")));
    }

    @Test
    void delayedRetryNeedsAMinimum() {
        assertRefused(
                policy(Map.of("delayed-retry-type", "all")),
                "delayed-retry-min is required when delayed-retry-type is not disabled");
        Policy.of(policy(Map.of("delayed-retry-type", "all", "delayed-retry-min", 1L)));
    }

    @Test
    void keepsAnIntegerAsALong() {
        assertThat(Policy.of(policy(Map.of("max-length", 5))).definition().definition())
                .containsEntry("max-length", 5L);
    }

    @ParameterizedTest
    @CsvSource({
        "message-ttl, 1",
        "expires, 1",
        "max-length, 1",
        "max-length-bytes, 1",
        "overflow, drop-head",
        "delivery-limit, 1",
        "max-in-memory-length, 1",
        "max-in-memory-bytes, 1",
        "queue-version, 2",
        "delayed-retry-min, 1",
        "delayed-retry-max, 1",
        "delayed-retry-type, disabled",
        "target-group-size, 1"
    })
    void operatorsMaySetIt(String key, String value) {
        assertThat(Policy.of(operatorPolicy(Map.of(key, json(value))))
                        .definition()
                        .operator())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "alternate-exchange, e",
        "dead-letter-exchange, e",
        "dead-letter-routing-key, k",
        "dead-letter-strategy, at-most-once",
        "queue-mode, lazy",
        "queue-leader-locator, balanced",
        "consumer-timeout, 1",
        "consumer-disconnected-timeout, 1",
        "max-age, 1h",
        "stream-max-segment-size-bytes, 1",
        "initial-cluster-size, 1",
        "stream-filter-size-bytes, 16"
    })
    void operatorsMayNotSetIt(String key, String value) {
        String shown = json(value) instanceof String ? "<<\"" + value + "\">>" : value;
        assertRefused(
                operatorPolicy(Map.of(key, json(value))),
                "[{<<\"" + key + "\">>," + shown + "}] are not recognised policy settings");
    }

    private static Object json(String text) {
        if (text.equals("true")) {
            return true;
        }
        if (text.matches("-?[0-9]+")) {
            return Long.valueOf(text);
        }
        return text.matches("[0-9.]+") ? (Object) Double.valueOf(text) : text;
    }

    private static Definition.Policy policy(Map<String, Object> definition) {
        return new Definition.Policy("/", "p", false, "", "all", 0, new LinkedHashMap<>(definition));
    }

    private static Definition.Policy operatorPolicy(Map<String, Object> definition) {
        return new Definition.Policy("/", "p", true, "", "queues", 0, definition);
    }

    private static void assertRefused(Definition.Policy policy, String text) {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> Policy.of(policy))
                .withMessage("Validation failed\n\n" + text + "\n")
                .satisfies(thrown -> assertThat(thrown.errors()).isEqualTo(List.of(text)));
    }
}
