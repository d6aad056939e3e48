package io.leveret.broker.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.leveret.broker.text.Utf8;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SortedTableTests {
    @Test
    void fillsAnEmptyTable() {
        FieldTable filled = with(FieldTable.EMPTY, Map.of("b", FieldValue.of(2), "a", FieldValue.of("x")));
        assertThat(filled.asMap().keySet()).containsExactly("a", "b");
    }

    @Test
    void replacesAndPutsBetween() {
        FieldTable table = FieldTable.builder()
                .put("b", FieldValue.of(1))
                .put(
                        "d",
                        FieldValue.of(FieldTable.builder()
                                .put("x", FieldValue.of(true))
                                .build()))
                .build();
        FieldTable changed =
                with(table, Map.of("a", FieldValue.of(0), "b", FieldValue.of("new"), "c", FieldValue.of(3)));
        assertThat(changed.asMap().keySet()).containsExactly("a", "b", "c", "d");
        assertThat(changed.get("b")).isEqualTo(FieldValue.of("new"));
        assertThat(changed.get("d")).isEqualTo(table.get("d"));
    }

    @Test
    void comparesKeysByUnsignedBytes() {
        FieldTable table = FieldTable.builder().put("\u00e9", FieldValue.of(1)).build();
        assertThat(with(table, Map.of("z", FieldValue.of(2))).asMap().keySet()).containsExactly("z", "\u00e9");
    }

    @RepeatedTest(100)
    void agreesWithAMap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FieldTable before = new RandomTables(seed).table(3);
        Map<String, FieldValue> fields = new TreeMap<>();
        for (String key : before.asMap().keySet()) {
            if (random.nextBoolean()) {
                fields.put(key, FieldValue.of(random.nextLong()));
            }
        }
        fields.put("x-" + random.nextInt(), FieldValue.of("text"));
        FieldTable expected = before;
        for (Map.Entry<String, FieldValue> field : fields.entrySet()) {
            expected = expected.with(field.getKey(), field.getValue());
        }
        assertThat(with(before, fields).toBytes()).as("seed %d", seed).isEqualTo(expected.toSortedBytes());
    }

    private static FieldTable with(FieldTable table, Map<String, FieldValue> fields) {
        FieldTable sorted = FieldTable.of(fields);
        byte[] sortedBytes = sorted.toSortedBytes();
        FieldTable inOrder = FieldTable.read(sortedBytes, 0, sortedBytes.length);
        byte[][] keys = inOrder.asMap().keySet().stream().map(Utf8::encode).toArray(byte[][]::new);
        byte[][] values = inOrder.asMap().entrySet().stream()
                .map(field -> value(field.getKey(), field.getValue()))
                .toArray(byte[][]::new);
        byte[] before = table.toSortedBytes();
        byte[] padded = new byte[before.length + 2];
        System.arraycopy(before, 0, padded, 1, before.length);
        byte[] after = SortedTable.with(padded, 1, before.length, keys, values);
        return FieldTable.read(after, 0, after.length);
    }

    /** The value as it stands behind its key. */
    private static byte[] value(String key, FieldValue value) {
        byte[] entry = FieldTable.builder().put(key, value).build().toBytes();
        int keyLength = Utf8.encode(key).length;
        return Arrays.copyOfRange(entry, 1 + keyLength, entry.length);
    }
}
