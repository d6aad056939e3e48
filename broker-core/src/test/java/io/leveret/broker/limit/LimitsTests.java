package io.leveret.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InvalidDefinitionException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LimitsTests {
    private final Limits limits = new Limits(NodeLimits.NONE);

    @Test
    void thereAreNoneUntilTheyAreSet() {
        assertThat(limits.ofVirtualHost("v")).isEqualTo(VirtualHostLimits.NONE);
        assertThat(limits.ofUser("u")).isEqualTo(UserLimits.NONE);
    }

    @Test
    void areSetOneByOneAndTakenAwayTogether() {
        limits.putOfVirtualHost("v", "max-connections", 1);
        limits.putOfVirtualHost("v", "max-queues", 2);
        limits.putOfUser("u", "max-connections", 3);
        limits.putOfUser("u", "max-channels", 4);
        assertThat(limits.ofVirtualHost("v")).isEqualTo(new VirtualHostLimits(1, 2));
        assertThat(limits.ofUser("u")).isEqualTo(new UserLimits(3, 4));
        limits.removeVirtualHost("v");
        limits.removeUser("u");
        assertThat(limits.ofVirtualHost("v")).isEqualTo(VirtualHostLimits.NONE);
        assertThat(limits.ofUser("u")).isEqualTo(UserLimits.NONE);
    }

    @Test
    void takesAnyInteger() {
        assertThat(VirtualHostLimits.validate(Map.of("max-connections", 5, "max-queues", -1L)))
                .isEqualTo(Map.of("max-connections", 5L, "max-queues", -1L));
        assertThat(UserLimits.validate(Map.of("max-channels", 0L))).isEqualTo(Map.of("max-channels", 0L));
    }

    @Test
    void refusesOthersInRabbitMqsWords() {
        Map<String, Object> wrong = new LinkedHashMap<>();
        wrong.put("max-connections", "a");
        wrong.put("foo", 1L);
        assertRefused(
                () -> VirtualHostLimits.validate(wrong),
                "Unrecognised terms [{<<\"foo\">>,1}] in limits",
                "max-connections should be a number, actually was <<\"a\">>");
        assertRefused(
                () -> UserLimits.validate(Map.of("max-queues", 1L)),
                "Unrecognised terms [{<<\"max-queues\">>,1}] in user-limits");
        assertRefused(
                () -> UserLimits.validate(Map.of("max-channels", 1.5)),
                "max-channels should be a number, actually was 1.5");
    }

    @Test
    void readsTheParameterThatRabbitMqKeepsThemIn() {
        assertThat(VirtualHostLimits.fromParameter(
                        new Definition.Parameter("v", "vhost-limits", "limits", Map.of("max-queues", 7L))))
                .isEqualTo(Map.of("max-queues", 7L));
        assertRefused(
                () -> VirtualHostLimits.fromParameter(new Definition.Parameter("v", "vhost-limits", "limits", 1L)),
                "limits not a list 1");
        assertRefused(
                () -> VirtualHostLimits.fromParameter(
                        new Definition.Parameter("v", "vhost-limits", "others", Map.of())),
                "the parameter of vhost-limits has to be named limits");
    }

    private static void assertRefused(ThrowingCallable check, String... errors) {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(check)
                .satisfies(thrown -> assertThat(thrown.errors()).containsExactly(errors));
    }
}
