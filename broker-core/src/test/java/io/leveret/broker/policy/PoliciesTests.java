package io.leveret.broker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.definition.Definition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTests {

    @Test
    void nothingAppliesWhereThereIsNone() {
        assertThat(Policies.NONE.ofClassicQueue("q")).isSameAs(QueuePolicy.NONE);
        assertThat(Policies.NONE.alternateExchange("e")).isNull();
        assertThat(policies(policy("p", "^x", 0, Map.of("max-length", 1L))).ofClassicQueue("q"))
                .isSameAs(QueuePolicy.NONE);
    }

    @Test
    void theHighestPriorityWinsAmongEqualsTheFirstByName() {
        Policies policies = policies(
                policy("b", "", 1, Map.of("max-length", 1L)),
                policy("c", "", 2, Map.of("max-length", 2L)),
                policy("a", "", 1, Map.of("max-length", 3L)),
                policy("negative", "", -1, Map.of("max-length", 4L)));
        assertThat(policies.ofClassicQueue("q").name()).isEqualTo("c");
        policies = without(policies, "c");
        assertThat(policies.ofClassicQueue("q").name()).isEqualTo("a");
        policies = without(policies, "a");
        assertThat(policies.ofClassicQueue("q").name()).isEqualTo("b");
        policies = without(policies, "b");
        assertThat(policies.ofClassicQueue("q").maxLength()).isEqualTo(4);
    }

    @Test
    void aPolicyTakesThePlaceOfItsNamesake() {
        Policies policies = policies(policy("p", "", 0, Map.of("max-length", 1L)))
                .with(List.of(policy("p", "", 0, Map.of("expires", 5L))));
        assertThat(policies.list(false)).hasSize(1);
        assertThat(policies.ofClassicQueue("q").maxLength()).isEqualTo(-1);
        assertThat(policies.ofClassicQueue("q").expiresMillis()).isEqualTo(5);
    }

    @Test
    void aPolicyAndAnOperatorPolicyOfOneNameAreTwo() {
        Policies policies =
                policies(policy("p", "", 0, Map.of("max-length", 1L)), operatorPolicy("p", Map.of("expires", 5L)));
        assertThat(policies.list(false)).hasSize(1);
        assertThat(policies.list(true)).hasSize(1);
        Policies left = policies.without(policies.find("p", false));
        assertThat(left.list(false)).isEmpty();
        assertThat(left.ofClassicQueue("q").operatorName()).isEqualTo("p");
    }

    @ParameterizedTest
    @CsvSource({
        "^a, ab, true",
        "^a, ba, false",
        "a, bab, true",
        "a$, ba, true",
        "'', anything, true",
        "'', '', true",
        "^$, '', true",
        "^$, a, false",
        "(a|b)c, xbc, true"
    })
    void thePatternIsSearchedForAnywhere(String pattern, String name, boolean found) {
        Policies policies = policies(policy("p", pattern, 0, Map.of("max-length", 1L)));
        assertThat(policies.ofClassicQueue(name).name() != null).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({
        "all, true, true, true, true",
        "exchanges, true, false, false, false",
        "queues, false, true, true, true",
        "classic_queues, false, true, false, false",
        "quorum_queues, false, false, true, false",
        "streams, false, false, false, true"
    })
    void appliesToWhatItSays(String applyTo, boolean exchange, boolean classic, boolean quorum, boolean stream) {
        Policies policies = Policies.NONE.with(List.of(
                Policy.of(new Definition.Policy("/", "p", false, "", applyTo, 0, Map.of("max-length-bytes", 1L)))));
        assertThat(policies.applyingTo(PolicyTarget.EXCHANGE, "x") != null).isEqualTo(exchange);
        assertThat(policies.applyingTo(PolicyTarget.CLASSIC_QUEUE, "x") != null).isEqualTo(classic);
        assertThat(policies.applyingTo(PolicyTarget.QUORUM_QUEUE, "x") != null).isEqualTo(quorum);
        assertThat(policies.applyingTo(PolicyTarget.STREAM, "x") != null).isEqualTo(stream);
    }

    /** The table of RabbitMQ's keys: which queues a policy with the key applies to. */
    @ParameterizedTest
    @CsvSource({
        "alternate-exchange, e, true, true, true",
        "dead-letter-exchange, e, true, true, false",
        "dead-letter-routing-key, k, true, true, false",
        "dead-letter-strategy, at-most-once, false, true, false",
        "message-ttl, 1, true, true, false",
        "expires, 1, true, true, false",
        "max-length, 1, true, true, false",
        "max-length-bytes, 1, true, true, true",
        "overflow, drop-head, true, true, false",
        "delivery-limit, 1, false, true, false",
        "max-in-memory-length, 1, false, true, false",
        "max-in-memory-bytes, 1, false, true, false",
        "queue-mode, lazy, true, false, false",
        "queue-version, 2, true, true, true",
        "queue-leader-locator, balanced, true, true, true",
        "consumer-timeout, 1, true, true, true",
        "consumer-disconnected-timeout, 1, true, true, true",
        "delayed-retry-type, disabled, true, true, true",
        "delayed-retry-min, 1, true, true, true",
        "delayed-retry-max, 1, true, true, true",
        "target-group-size, 1, false, true, false",
        "max-age, 1h, false, false, true",
        "stream-max-segment-size-bytes, 1, false, false, true",
        "initial-cluster-size, 1, false, false, true",
        "stream-filter-size-bytes, 16, true, true, true"
    })
    void aKeyThatIsNotSupportedKeepsTheWholePolicyAway(
            String key, String value, boolean classic, boolean quorum, boolean stream) {
        Object json = value.matches("[0-9]+") ? (Object) Long.valueOf(value) : value;
        Policies policies =
                policies(policy("p", "", 2, Map.of(key, json)), policy("next", "", 1, Map.of("queue-version", 2L)));
        assertThat(nameFor(policies, PolicyTarget.CLASSIC_QUEUE)).isEqualTo(classic ? "p" : "next");
        assertThat(nameFor(policies, PolicyTarget.QUORUM_QUEUE)).isEqualTo(quorum ? "p" : "next");
        assertThat(nameFor(policies, PolicyTarget.STREAM)).isEqualTo(stream ? "p" : "next");
        assertThat(nameFor(policies, PolicyTarget.EXCHANGE)).isEqualTo("p");
    }

    @Test
    void aSupportedKeyDoesNotHelpTheUnsupportedOneBesideIt() {
        Policies policies = policies(
                policy("p", "", 2, Map.of("max-length", 1L, "delivery-limit", 3L)),
                policy("next", "", 1, Map.of("max-length", 7L)));
        assertThat(policies.ofClassicQueue("q").maxLength()).isEqualTo(7);
    }

    @Test
    void operatorPoliciesAreSkippedInTheSameWay() {
        Policies policies = policies(
                operatorPolicy("p", Map.of("delivery-limit", 1L)), operatorPolicy("q", Map.of("max-length", 7L)));
        assertThat(policies.ofClassicQueue("q").operatorName()).isEqualTo("q");
    }

    @ParameterizedTest
    @CsvSource({
        "message-ttl, 5, 3, 3",
        "message-ttl, 3, 5, 3",
        "expires, 5, 3, 3",
        "expires, 3, 5, 3",
        "max-length, 5, 3, 3",
        "max-length, 3, 5, 3",
        "max-length-bytes, 5, 3, 3",
        "max-length-bytes, 3, 5, 3",
        "max-in-memory-length, 5, 3, 3",
        "max-in-memory-length, 3, 5, 3",
        "max-in-memory-bytes, 5, 3, 3",
        "max-in-memory-bytes, 3, 5, 3",
        "delayed-retry-max, 5, 3, 3",
        "delayed-retry-max, 3, 5, 3",
        "delivery-limit, 5, 3, 3",
        "delivery-limit, 3, 5, 3",
        "delivery-limit, -1, 3, 3",
        "delivery-limit, 3, -1, 3",
        "delivery-limit, -1, -5, -1",
        "overflow, drop-head, reject-publish, reject-publish",
        "overflow, reject-publish, drop-head, drop-head",
        "queue-version, 1, 2, 2",
        "queue-version, 2, 1, 1",
        "delayed-retry-type, disabled, all, all",
        "target-group-size, 5, 3, 5",
        "target-group-size, 3, 5, 5",
        "delayed-retry-min, 5, 3, 5",
        "delayed-retry-min, 3, 5, 5"
    })
    void bothTogetherAreMergedKeyByKey(String key, String user, String operator, String merged) {
        Map<String, Object> minimum = key.equals("delayed-retry-min") ? Map.of() : Map.of("delayed-retry-min", 1L);
        Policies policies = policies(
                policy("p", "", 0, with(minimum, key, user)), operatorPolicy("o", with(minimum, key, operator)));
        assertThat(policies.effectiveDefinition(PolicyTarget.QUORUM_QUEUE, "q")).containsEntry(key, json(merged));
    }

    @Test
    void whatOnlyOneSaysIsTakenAsItIs() {
        Policies policies = policies(
                policy("p", "", 0, Map.of("max-length", 9L, "overflow", "reject-publish")),
                operatorPolicy("o", Map.of("expires", 5L)));
        assertThat(policies.effectiveDefinition(PolicyTarget.CLASSIC_QUEUE, "q"))
                .isEqualTo(Map.of("max-length", 9L, "overflow", "reject-publish", "expires", 5L));
    }

    @Test
    void operatorPoliciesAreForQueuesOnly() {
        Policies policies = Policies.NONE.with(
                List.of(Policy.of(new Definition.Policy("/", "o", true, "", "all", 0, Map.of("max-length", 1L)))));
        assertThat(policies.operatorApplyingTo(PolicyTarget.EXCHANGE, "e")).isNull();
        assertThat(policies.effectiveDefinition(PolicyTarget.EXCHANGE, "e")).isEmpty();
    }

    @Test
    void aQueueHearsWhatAClassicQueueGoesBy() {
        Policies policies = policies(
                policy(
                        "p",
                        "",
                        0,
                        Map.of(
                                "expires", 1L,
                                "message-ttl", 2L,
                                "dead-letter-exchange", "",
                                "dead-letter-routing-key", "k",
                                "max-length", 3L,
                                "max-length-bytes", 4L,
                                "overflow", "reject-publish")),
                operatorPolicy("o", Map.of("max-length", 2L)));
        assertThat(policies.ofClassicQueue("q"))
                .isEqualTo(new QueuePolicy("p", "o", 1, 2, "", "k", 2, 4, "reject-publish"));
    }

    @Test
    void timesBeyondTenYearsComeToTenYears() {
        Policies policies =
                policies(policy("p", "", 0, Map.of("message-ttl", Long.MAX_VALUE, "expires", Long.MAX_VALUE)));
        assertThat(policies.ofClassicQueue("q").messageTtlMillis()).isEqualTo(315_360_000_000L);
        assertThat(policies.ofClassicQueue("q").expiresMillis()).isEqualTo(315_360_000_000L);
    }

    @Test
    void anExchangeGetsAnAlternateFromTheOnePolicyThatApplies() {
        Policies policies = policies(
                policy("p", "", 1, Map.of("alternate-exchange", "low")),
                policy("q", "^e", 2, Map.of("max-length", 1L)));
        assertThat(policies.alternateExchange("x")).isEqualTo("low");
        assertThat(policies.alternateExchange("e")).isNull();
    }

    @Test
    void listsTheHighestPriorityFirst() {
        Policies policies =
                policies(policy("a", "", 0, Map.of("max-length", 1L)), policy("b", "", 1, Map.of("max-length", 1L)));
        assertThat(policies.list(false)).extracting(Definition.Policy::name).containsExactly("b", "a");
    }

    private static String nameFor(Policies policies, PolicyTarget target) {
        Policy policy = policies.applyingTo(target, "q");
        assertThat(policy).isNotNull();
        return policy.name();
    }

    private static Policies without(Policies policies, String name) {
        return policies.without(policies.find(name, false));
    }

    private static Map<String, Object> with(Map<String, Object> others, String key, String value) {
        Map<String, Object> all = new HashMap<>(others);
        all.put(key, json(value));
        return all;
    }

    private static Object json(String value) {
        return value.matches("-?[0-9]+") ? (Object) Long.valueOf(value) : value;
    }

    private static Policies policies(Policy... policies) {
        return Policies.NONE.with(List.of(policies));
    }

    private static Policy policy(String name, String pattern, int priority, Map<String, Object> definition) {
        return Policy.of(new Definition.Policy("/", name, false, pattern, "all", priority, definition));
    }

    private static Policy operatorPolicy(String name, Map<String, Object> definition) {
        return Policy.of(new Definition.Policy("/", name, true, "", "queues", 0, definition));
    }
}
