package io.leveret.broker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InvalidDefinitionException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyParameterTests {

    @Test
    void isAnOperatorPolicy() {
        assertThat(PolicyParameter.operatorPolicy(
                        "v",
                        "n",
                        Map.of(
                                "pattern",
                                "^x",
                                "apply-to",
                                "queues",
                                "priority",
                                3L,
                                "definition",
                                Map.of("max-length", 1L))))
                .isEqualTo(new Definition.Policy("v", "n", true, "^x", "queues", 3, Map.of("max-length", 1L)));
    }

    @Test
    void isForAllWhereItDoesNotSay() {
        Definition.Policy policy = PolicyParameter.operatorPolicy(
                "v", "n", Map.of("pattern", "", "priority", 0, "definition", Map.of("expires", 1L)));
        assertThat(policy.applyTo()).isEqualTo("all");
    }

    @Test
    void needsItsParts() {
        assertRefused(Map.of("pattern", "x"), "Key \"definition\" not found in n", "Key \"priority\" not found in n");
    }

    @Test
    void hasNoOthers() {
        assertRefused(
                Map.of("pattern", "x", "priority", 0L, "definition", Map.of("max-length", 1L), "zz", 1L),
                "Unrecognised terms [{<<\"zz\">>,1}] in n");
    }

    @Test
    void hasPartsOfTheRightKind() {
        assertRefused(1L, "n not a list 1");
        assertRefused(
                Map.of("pattern", 1L, "priority", "high", "apply-to", true, "definition", List.of(1L)),
                "definition must be a dictionary: [1]",
                "apply-to should be a binary but was true",
                "pattern should be a binary but was 1",
                "priority should be a number, actually was <<\"high\">>");
    }

    private static void assertRefused(Object value, String... errors) {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> PolicyParameter.operatorPolicy("v", "n", value))
                .satisfies(thrown -> assertThat(thrown.errors()).containsExactly(errors));
    }
}
