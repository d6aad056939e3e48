package io.leveret.broker.policy;

import io.leveret.broker.definition.Definition;
import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.text.ErlangText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form that operator policies have among runtime parameters, as in RabbitMQ's files of definitions. */
public final class PolicyParameter {
    /** The component. */
    public static final String OPERATOR_POLICY = "operator_policy";

    private static final String PRIORITY = "priority";
    private static final String PATTERN = "pattern";
    private static final String APPLY_TO = "apply-to";
    private static final String DEFINITION = "definition";
    private static final List<String> MANDATORY = List.of(DEFINITION, PATTERN, PRIORITY);

    private PolicyParameter() {}

    /**
     * The operator policy that a parameter stands for.
     *
     * @param value a map with {@code pattern}, {@code definition}, {@code priority} and, if it isn't {@code all},
     *     {@code apply-to}
     * @throws InvalidDefinitionException when it has another form; the policy itself is not checked
     */
    public static Definition.Policy operatorPolicy(String vhost, String name, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw InvalidDefinitionException.validationFailed(List.of(name + " not a list " + ErlangText.json(value)));
        }
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        map.forEach((key, setting) -> left.put(String.valueOf(key), setting));
        List<String> errors = new ArrayList<>();
        for (String key : MANDATORY) {
            if (!left.containsKey(key)) {
                errors.add("Key \"" + key + "\" not found in " + name);
            }
        }
        Map<String, Object> definition = definition(left.remove(DEFINITION), errors);
        String applyTo = text(APPLY_TO, left.remove(APPLY_TO), "all", errors);
        String pattern = text(PATTERN, left.remove(PATTERN), "", errors);
        int priority = priority(left.remove(PRIORITY), errors);
        if (!left.isEmpty()) {
            errors.add(0, "Unrecognised terms " + ErlangText.settings(left) + " in " + name);
        }
        if (!errors.isEmpty()) {
            throw InvalidDefinitionException.validationFailed(errors);
        }
        return new Definition.Policy(vhost, name, true, pattern, applyTo, priority, definition);
    }

    private static Map<String, Object> definition(@Nullable Object value, List<String> errors) {
        Map<String, Object> definition = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, setting) -> {
                if (setting == null) {
                    errors.add("null is not a valid value of " + key);
                } else {
                    definition.put(String.valueOf(key), setting);
                }
            });
        } else if (value != null) {
            errors.add("definition must be a dictionary: " + ErlangText.json(value));
        }
        return definition;
    }

    private static String text(String key, @Nullable Object value, String absent, List<String> errors) {
        if (value == null) {
            return absent;
        }
        if (value instanceof String text) {
            return text;
        }
        errors.add(key + " should be a binary but was " + ErlangText.json(value));
        return absent;
    }

    private static int priority(@Nullable Object value, List<String> errors) {
        if (value == null) {
            return 0;
        }
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        errors.add(PRIORITY + " should be a number, actually was " + ErlangText.json(value));
        return 0;
    }
}
