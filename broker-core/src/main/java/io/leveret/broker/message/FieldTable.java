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

    /**
     * Decodes the entries of a table, that is the table on the wire without the 32-bit length before it. Copies; the
     * array may be used for something else afterwards. Of duplicate keys the first stays; the tag {@code L} becomes
     * {@code l}.
     *
     * @throws MalformedTableException if the bytes end in the middle of an entry, contain a tag that RabbitMQ does not
     *     know, or nest tables and arrays deeper than 64 levels
     */
    public static FieldTable read(byte[] data, int offset, int length) {
        if (!TableBytes.isWellFormed(data, offset, length)) {
            throw new MalformedTableException("malformed field table of " + length + " bytes");
        }
        return length == 0 ? EMPTY : new ValueReader(data, offset).readEntries(offset + length);
    }

    /** A builder for a table without fields. */
    public static Builder builder() {
        return new Builder();
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

    /** This table with a field more, or with the field of that name replaced where it stands. */
    public FieldTable with(String key, FieldValue value) {
        Map<String, FieldValue> copy = new LinkedHashMap<>(fields);
        copy.put(key, value);
        return new FieldTable(Collections.unmodifiableMap(copy));
    }

    /** This table without the field of that name. */
    public FieldTable without(String key) {
        if (!fields.containsKey(key)) {
            return this;
        }
        Map<String, FieldValue> copy = new LinkedHashMap<>(fields);
        copy.remove(key);
        return of(copy);
    }

    /**
     * The entries on the wire, in the order of {@link #asMap}, without the 32-bit length that precedes a table.
     *
     * @throws IllegalArgumentException if a key is longer than 255 bytes
     */
    public byte[] toBytes() {
        var out = new ValueWriter();
        out.entries(this);
        return out.toBytes();
    }

    /**
     * The same with the keys ascending, which is how RabbitMQ writes the headers of a message it has changed. Only the
     * outermost table is sorted.
     *
     * @throws IllegalArgumentException if a key is longer than 255 bytes
     */
    public byte[] toSortedBytes() {
        var out = new ValueWriter();
        out.sortedEntries(this);
        return out.toBytes();
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

    /** Gathers the fields of a table; for one thread. */
    public static final class Builder {
        private final Map<String, FieldValue> fields = new LinkedHashMap<>();

        private Builder() {}

        /** Sets a field; the last value put under a key counts. */
        public Builder put(String key, FieldValue value) {
            fields.put(key, value);
            return this;
        }

        /** A table of what was put so far, in that order. */
        public FieldTable build() {
            return of(fields);
        }
    }
}
