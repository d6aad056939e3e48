package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class BrokerMetadataTests {
    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

    private final Map<String, JSONObject> properties = read();

    @Test
    void describesEveryKey() {
        Set<String> keys = keysOf("broker", BrokerProperties.class);
        assertThat(keys).hasSizeGreaterThan(15);
        for (String key : keys) {
            assertThat(properties).containsKey(key);
        }
        properties.forEach((key, property) -> assertThat(property.optString("description"))
                .as("description of %s", key)
                .isNotBlank());
    }

    @Test
    void describesInTheStyleOfBoot() {
        properties.forEach((key, property) -> {
            String description = property.optString("description");
            assertThat(description)
                    .as(key)
                    .endsWith(".")
                    .doesNotStartWith("The ")
                    .doesNotStartWith("A ");
            if ("java.lang.Boolean".equals(property.optString("type"))) {
                assertThat(description).as(key).startsWith("Whether ");
            }
        });
    }

    // A list of records has one key; its elements are described in the class.
    private static Set<String> keysOf(String prefix, Class<?> type) {
        Set<String> keys = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + "." + dashed(component.getName());
            if (component.getType().isRecord()) {
                keys.addAll(keysOf(key, component.getType()));
            } else {
                keys.add(key);
            }
        }
        return keys;
    }

    private static String dashed(String name) {
        StringBuilder dashed = new StringBuilder();
        for (char c : name.toCharArray()) {
            dashed.append(Character.isUpperCase(c) ? "-" + Character.toLowerCase(c) : String.valueOf(c));
        }
        return dashed.toString();
    }

    private static Map<String, JSONObject> read() {
        try (InputStream in = BrokerProperties.class.getResourceAsStream(METADATA)) {
            assertThat(in).isNotNull();
            JSONArray all =
                    new JSONObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getJSONArray("properties");
            Map<String, JSONObject> byName = new HashMap<>();
            for (int i = 0; i < all.length(); i++) {
                JSONObject property = all.getJSONObject(i);
                byName.put(property.getString("name"), property);
            }
            return byName;
        } catch (IOException | JSONException e) {
            throw new AssertionError(e);
        }
    }
}
