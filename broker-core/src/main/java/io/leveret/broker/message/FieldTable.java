package io.leveret.broker.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An immutable AMQP field table. Of duplicate keys the first is found, as in RabbitMQ. */
public final class FieldTable {
    public static final FieldTable EMPTY = new FieldTable(Map.of());

    private final Map<String, FieldValue> fields;

    private FieldTable(Map<String, FieldValue> fields) {
        this.fields = fields;
    }

    /** A copy of the given fields, in their order. */
    public static FieldTable of(Map<String, FieldValue> fields) {
        return fields.isEmpty() ? EMPTY : new FieldTable(Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
    }

    public @Nullable FieldValue get(String key) {
        return fields.get(key);
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The fields in wire order; unmodifiable. */
    public Map<String, FieldValue> asMap() {
        return fields;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldTable that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
