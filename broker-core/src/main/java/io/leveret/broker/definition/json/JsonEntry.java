package io.leveret.broker.definition.json;

import io.leveret.broker.definition.DefinitionsImportException;
import io.leveret.broker.definition.Place;
import io.leveret.broker.message.FieldTable;
import io.leveret.broker.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a section, or an object within one. What it has is what was asked for, or the failure names the entry.
 * Members that nobody asks for are ignored, as in RabbitMQ.
 */
record JsonEntry(Place place, Map<?, ?> members) {
    private static final int MAX_NAME_BYTES = 255;

    boolean has(String member) {
        return members.get(member) != null;
    }

    JsonEntry at(Place other) {
        return new JsonEntry(other, members);
    }

    /** A text that has to be there; it may be empty. */
    String string(String member) {
        String text = optionalString(member);
        if (text == null) {
            throw invalid("'" + member + "' is missing");
        }
        return text;
    }

    @Nullable String optionalString(String member) {
        Object value = members.get(member);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw invalid("'" + member + "' is not a text but " + describe(value));
    }

    /** A text that has to be there and fits where AMQP has a short string. */
    String name(String member) {
        String name = string(member);
        if (Utf8.encode(name).length > MAX_NAME_BYTES) {
            throw invalid("'" + member + "' has more than " + MAX_NAME_BYTES + " bytes");
        }
        if (!name.equals(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))) {
            throw invalid("'" + member + "' has half a surrogate pair, which is no character");
        }
        return name;
    }

    /** A name that is not empty. */
    String properName(String member) {
        String name = name(member);
        if (name.isEmpty()) {
            throw invalid("'" + member + "' is empty");
        }
        return name;
    }

    /** True, false, or one of these as a text, which some programs write. */
    boolean bool(String member, boolean absent) {
        Object value = members.get(member);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value.equals("true") || value.equals("false")) {
            return value.equals("true");
        }
        throw invalid("'" + member + "' is neither true nor false but " + describe(value));
    }

    int integer(String member, int absent) {
        Object value = members.get(member);
        if (value == null) {
            return absent;
        }
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw invalid("'" + member + "' is not a whole number of 32 bits but " + describe(value));
    }

    /** An object, or the empty list that RabbitMQ writes in place of an empty one. */
    FieldTable arguments(String member) {
        Object value = members.get(member);
        if (value == null || value instanceof List<?> list && list.isEmpty()) {
            return FieldTable.EMPTY;
        }
        if (value instanceof Map<?, ?> arguments) {
            try {
                return JsonArguments.table(arguments);
            } catch (IllegalArgumentException e) {
                throw new DefinitionsImportException(place, e);
            }
        }
        throw invalid("'" + member + "' is not an object but " + describe(value));
    }

    /** An object within this one; without members if it is absent. */
    JsonEntry object(String member) {
        Object value = members.get(member);
        if (value == null) {
            return new JsonEntry(place, Map.of());
        }
        return new JsonEntry(place, pairs(member, value));
    }

    /** An object, or the list of pairs that RabbitMQ up to 3.10 writes for some of them. No value is null. */
    Map<String, Object> values(String member) {
        Object value = members.get(member);
        if (value == null) {
            throw invalid("'" + member + "' is missing");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        pairs(member, value).forEach((key, each) -> {
            if (each == null) {
                throw invalid("'" + key + "' in '" + member + "' is null");
            }
            values.put((String) key, each);
        });
        return values;
    }

    private Map<?, ?> pairs(String member, Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof List<?> pair && pair.size() == 2 && pair.get(0) instanceof String key) {
                    map.put(key, pair.get(1));
                } else {
                    throw invalid("'" + member + "' is neither an object nor a list of names with values");
                }
            }
            return map;
        }
        throw invalid("'" + member + "' is not an object but " + describe(value));
    }

    /** Limits by name. */
    Map<String, Long> limits(String member) {
        Map<String, Long> limits = new LinkedHashMap<>();
        if (has(member)) {
            values(member).forEach((limit, value) -> {
                if (!(value instanceof Long number)) {
                    throw invalid("the limit '" + limit + "' is not a whole number but " + describe(value));
                }
                limits.put(limit, number);
            });
        }
        return limits;
    }

    /** Tags in one text with commas between them, or in a list; null if absent. */
    @Nullable Set<String> tags(String member) {
        Object value = members.get(member);
        if (value == null) {
            return null;
        }
        Set<String> tags = new LinkedHashSet<>();
        if (value instanceof String text) {
            for (String tag : text.split(",")) {
                if (!tag.isBlank()) {
                    tags.add(tag.strip());
                }
            }
            return tags;
        }
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (!(element instanceof String tag)) {
                    throw invalid("a tag is not a text but " + describe(element));
                }
                tags.add(tag);
            }
            return tags;
        }
        throw invalid("'" + member + "' is neither a text nor a list of texts");
    }

    DefinitionsImportException invalid(String problem) {
        return new DefinitionsImportException(place, problem);
    }

    private static String describe(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "a list";
        }
        return value instanceof String ? "a text" : value.toString();
    }
}
