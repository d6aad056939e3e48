package io.leveret.broker.limit;

import io.leveret.broker.definition.InvalidDefinitionException;
import io.leveret.broker.text.ErlangText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Limits by name, as operators give them. Texts are those of RabbitMQ's rabbit_parameter_validation. */
final class LimitSettings {
    private LimitSettings() {}

    static Map<String, Long> check(Map<String, ?> limits, List<String> names, String title) {
        List<String> errors = new ArrayList<>();
        Map<String, Object> unknown = new TreeMap<>(limits);
        unknown.keySet().removeAll(names);
        if (!unknown.isEmpty()) {
            errors.add("Unrecognised terms " + ErlangText.settings(unknown) + " in " + title);
        }
        Map<String, Long> checked = new LinkedHashMap<>();
        for (String name : names) {
            Object value = limits.get(name);
            if (value instanceof Long || value instanceof Integer) {
                checked.put(name, ((Number) value).longValue());
            } else if (limits.containsKey(name)) {
                errors.add(name + " should be a number, actually was " + ErlangText.json(value));
            }
        }
        if (!errors.isEmpty()) {
            throw InvalidDefinitionException.validationFailed(errors);
        }
        return checked;
    }
}
