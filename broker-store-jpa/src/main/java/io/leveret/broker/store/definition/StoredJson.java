package io.leveret.broker.store.definition;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Values as JSON has them: String, Long, Double, Boolean, List, Map or null. */
final class StoredJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private StoredJson() {}

    /** @throws IllegalArgumentException if it is, or contains, something else */
    static String write(Object value) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, value);
        }
        return StoredText.write(text.toString());
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Long || value instanceof Integer) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Collection<?> elements) {
            json.writeStartArray();
            elements.forEach(element -> write(json, element));
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            members.forEach((name, member) -> {
                json.writeName((String) name);
                write(json, member);
            });
            json.writeEndObject();
        } else {
            throw new IllegalArgumentException("JSON has no " + value.getClass().getName() + ": " + value);
        }
    }

    static @Nullable Object read(String stored) {
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), StoredText.read(stored))) {
            return read(json, json.nextToken());
        }
    }

    private static @Nullable Object read(JsonParser json, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    members.put(name, read(json, json.nextToken()));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
                    elements.add(read(json, next));
                }
                yield elements;
            }
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalStateException("unexpected " + token);
        };
    }

    /** An object without nulls that {@link #write} was given. */
    static Map<String, Object> readObject(String stored) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (read(stored) instanceof Map<?, ?> object) {
            object.forEach((name, member) -> members.put((String) name, Objects.requireNonNull(member)));
        }
        return members;
    }

    /** Texts that {@link #write} was given. */
    static Collection<String> readTexts(String stored) {
        List<String> texts = new ArrayList<>();
        if (read(stored) instanceof List<?> elements) {
            elements.forEach(element -> texts.add((String) element));
        }
        return texts;
    }
}
