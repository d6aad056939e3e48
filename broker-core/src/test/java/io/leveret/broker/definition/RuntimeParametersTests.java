package io.leveret.broker.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class RuntimeParametersTests {
    private final RuntimeParameters parameters = new RuntimeParameters();

    @Test
    void keepsWhatFilesOfDefinitionsContain() {
        RuntimeParameters.validate(new Definition.Parameter("/", "federation-upstream", "n", "v"));
        RuntimeParameters.validate(new Definition.Parameter("/", "federation-upstream-set", "n", "v"));
        RuntimeParameters.validate(new Definition.Parameter("/", "shovel", "n", "v"));
        RuntimeParameters.validate(new Definition.Parameter(null, RuntimeParameters.GLOBAL, "anything", 1L));
    }

    @Test
    void refusesUnknownComponentsAndPolicies() {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> RuntimeParameters.validate(new Definition.Parameter("/", "foo", "n", "v")))
                .withMessage("Validation failed\n\ncomponent foo not found\n");
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> RuntimeParameters.validate(new Definition.Parameter("/", "policy", "n", "v")))
                .withMessage("policies may not be set using this method");
    }

    @Test
    void listsThemByVirtualHostAndName() {
        Definition.Parameter b = new Definition.Parameter("/", "shovel", "b", "v");
        Definition.Parameter a = new Definition.Parameter("/", "shovel", "a", "v");
        Definition.Parameter other = new Definition.Parameter("other", "shovel", "a", "v");
        Definition.Parameter global = new Definition.Parameter(null, RuntimeParameters.GLOBAL, "a", 1L);
        for (Definition.Parameter each : new Definition.Parameter[] {b, a, other, global}) {
            parameters.put(each);
        }
        assertThat(parameters.list("/")).containsExactly(a, b);
        assertThat(parameters.list("other")).containsExactly(other);
        assertThat(parameters.list(null)).containsExactly(global);
        parameters.remove(new Definition.Parameter("/", "shovel", "a", ""));
        assertThat(parameters.list("/")).containsExactly(b);
    }
}
