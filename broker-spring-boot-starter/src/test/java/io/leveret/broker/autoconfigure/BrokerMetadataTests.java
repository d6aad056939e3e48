package io.leveret.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

class BrokerMetadataTests {
    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

    private final Map<String, Map<String, Object>> properties = read();

    @Test
    void describesEveryKey() {
        Set<String> keys = keysOf("broker", BrokerProperties.class);
        assertThat(keys).hasSizeGreaterThan(15);
        for (String key : keys) {
            assertThat(properties).containsKey(key);
        }
        properties.forEach((key, property) -> assertThat((String) property.get("description"))
                .as("description of %s", key)
                .isNotBlank());
    }

    @Test
    void describesInTheStyleOfBoot() {
        properties.forEach((key, property) -> {
            String description = (String) property.get("description");
            assertThat(description).as(key).endsWith(".").doesNotStartWith("The ").doesNotStartWith("A ");
            if ("java.lang.Boolean".equals(property.get("type"))) {
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

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> read() {
        try (InputStream in = BrokerProperties.class.getResourceAsStream(METADATA)) {
            assertThat(in).isNotNull();
            Map<String, Object> metadata = JsonParserFactory.getJsonParser()
                    .parseMap(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Map<String, Map<String, Object>> byName = new HashMap<>();
            for (Object property : (List<Object>) metadata.get("properties")) {
                Map<String, Object> map = (Map<String, Object>) property;
                byName.put((String) map.get("name"), map);
            }
            return byName;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
