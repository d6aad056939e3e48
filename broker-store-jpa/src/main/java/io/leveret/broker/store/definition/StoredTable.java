package io.leveret.broker.store.definition;

import io.leveret.broker.message.FieldTable;
import io.leveret.broker.message.FieldValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Argument tables as they are stored: the entries on the wire, so that nothing of them is lost. */
final class StoredTable {
    static final byte[] NONE = {};

    private StoredTable() {}

    static byte[] write(FieldTable table) {
        return table.isEmpty() ? NONE : table.toBytes();
    }

    static FieldTable read(byte[] stored) {
        return FieldTable.read(stored, 0, stored.length);
    }

    /** The same bytes for all tables that are equal, whatever order their fields are in. */
    static byte[] canonical(FieldTable table) {
        return write(sorted(table));
    }

    private static FieldTable sorted(FieldTable table) {
        Map<String, FieldValue> fields = new TreeMap<>();
        table.asMap().forEach((name, value) -> fields.put(name, sorted(value)));
        return FieldTable.of(fields);
    }

    private static FieldValue sorted(FieldValue value) {
        if (value.value() instanceof FieldTable table) {
            return FieldValue.of(sorted(table));
        } else if (value.value() instanceof List<?>) {
            return FieldValue.of(
                    value.asArray().stream().map(StoredTable::sorted).toList());
        }
        return value;
    }
}
