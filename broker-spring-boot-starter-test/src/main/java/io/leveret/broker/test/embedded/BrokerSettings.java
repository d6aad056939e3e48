package io.leveret.broker.test.embedded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * What makes a broker of a test differ from others: equal settings, equal brokers.
 *
 * @param definitions locations of definitions files, in the order in which they are imported
 * @param properties {@code name=value}, the names as in an application's properties
 */
public record BrokerSettings(List<String> definitions, List<String> properties) {
    public BrokerSettings {
        definitions = List.copyOf(definitions);
        properties = List.copyOf(properties);
    }

    /** All of it as properties, the one that switches the broker on among them. */
    public Map<String, Object> asProperties() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("broker.enabled", "true");
        for (int i = 0; i < definitions.size(); i++) {
            all.put("broker.definitions[" + i + "]", definitions.get(i));
        }
        all.putAll(TestPropertySourceUtils.convertInlinedPropertiesToMap(properties.toArray(String[]::new)));
        return all;
    }
}
