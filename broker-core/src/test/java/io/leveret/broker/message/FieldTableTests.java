package io.leveret.broker.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FieldTableTests {
    private static final FieldTable EVERY_TAG = FieldTable.builder()
            .put("t", FieldValue.of(true))
            .put("b", new FieldValue('b', -128L))
            .put("B", new FieldValue('B', 255L))
            .put("s", new FieldValue('s', -32_768L))
            .put("u", new FieldValue('u', 65_535L))
            .put("I", FieldValue.of(Integer.MIN_VALUE))
            .put("i", new FieldValue('i', 0xFFFF_FFFFL))
            .put("l", FieldValue.of(Long.MIN_VALUE))
            .put("f", new FieldValue('f', 1.5f))
            .put("d", new FieldValue('d', -2.25))
            .put("D", new FieldValue('D', new BigDecimal("42949672.95")))
            .put("S", FieldValue.of("grün"))
            .put("x", new FieldValue('x', new byte[] {0, -1}))
            .put("T", FieldValue.timestamp(-1))
            .put("F", FieldValue.of(FieldTable.EMPTY.with("k", FieldValue.of("v"))))
            .put("A", FieldValue.of(List.of(FieldValue.of(1), FieldValue.of("two"))))
            .put("V", new FieldValue('V', null))
            .build();

    @Test
    void writesAndReadsEveryTag() {
        byte[] bytes = EVERY_TAG.toBytes();
        assertThat(read(bytes)).isEqualTo(EVERY_TAG);
        assertThat(read(bytes).toBytes()).isEqualTo(bytes);
    }

    @Test
    void writesTheBytesOfTheProtocol() {
        FieldTable table = FieldTable.builder()
                .put("a", FieldValue.of(258))
                .put("b", FieldValue.of("x"))
                .put("c", FieldValue.of(List.of(FieldValue.of(true))))
                .build();
        assertThat(table.toBytes())
                .isEqualTo(HexFormat.of().parseHex("016149000001020162530000000178" + "016341000000027401"));
    }

    @Test
    void readsBothTagsOfLongAsTheSame() {
        byte[] bytes = HexFormat.of().parseHex("01614c00000000000000050162" + "6c0000000000000006");
        FieldTable table = read(bytes);
        assertThat(table.get("a")).isEqualTo(FieldValue.of(5L));
        assertThat(table.get("b")).isEqualTo(FieldValue.of(6L));
    }

    @Test
    void readsAnyNonZeroOctetAsTrue() {
        assertThat(read(HexFormat.of().parseHex("01617402")).get("a")).isEqualTo(FieldValue.of(true));
    }

    @Test
    void keepsTheFirstOfDuplicateKeys() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(FieldTable.EMPTY.with("k", FieldValue.of("first")).toBytes());
        bytes.writeBytes(FieldTable.EMPTY.with("k", FieldValue.of("second")).toBytes());
        assertThat(read(bytes.toByteArray()).get("k")).isEqualTo(FieldValue.of("first"));
    }

    @Test
    void readsFromTheMiddleOfAnArray() {
        byte[] entries = EVERY_TAG.toBytes();
        byte[] data = new byte[entries.length + 20];
        Arrays.fill(data, (byte) 0xEE);
        System.arraycopy(entries, 0, data, 7, entries.length);
        assertThat(FieldTable.read(data, 7, entries.length)).isEqualTo(EVERY_TAG);
    }

    @Test
    void readsRandomTablesAsTheyWereWritten() {
        long seed = new Random().nextLong();
        var tables = new RandomTables(seed);
        for (int i = 0; i < 300; i++) {
            FieldTable table = tables.table(4);
            byte[] bytes = table.toBytes();
            assertThat(read(bytes)).as("seed %d", seed).isEqualTo(table);
            assertThat(read(bytes).toBytes()).as("seed %d", seed).isEqualTo(bytes);
            assertThat(read(table.toSortedBytes())).as("seed %d", seed).isEqualTo(table);
        }
    }

    @Test
    void refusesATableThatEndsWithinAnEntry() {
        byte[] bytes = EVERY_TAG.toBytes();
        List<Integer> borders = EVERY_TAG.asMap().entrySet().stream()
                .map(field ->
                        FieldTable.EMPTY.with(field.getKey(), field.getValue()).toBytes().length)
                .toList();
        var complete = new boolean[bytes.length + 1];
        int at = 0;
        complete[0] = true;
        for (int length : borders) {
            at += length;
            complete[at] = true;
        }
        for (int length = 0; length <= bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            if (complete[length]) {
                assertThat(read(cut)).isNotNull();
            } else {
                assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(MalformedTableException.class);
            }
        }
    }

    @Test
    void refusesEveryTruncationOfANestedTable() {
        byte[] bytes = FieldTable.EMPTY.with("outer", FieldValue.of(EVERY_TAG)).toBytes();
        for (int length = 1; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(MalformedTableException.class);
        }
    }

    @Test
    void survivesRandomBytes() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        byte[] original = EVERY_TAG.toBytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = original.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(read(bytes).toBytes()).as("seed %d", seed).hasSizeLessThanOrEqualTo(bytes.length);
            } catch (MalformedTableException expected) {
                assertThat(expected).hasMessageContaining("malformed");
            }
        }
    }

    @Test
    void refusesUnknownTags() {
        for (int tag = 0; tag < 256; tag++) {
            if ("tbBsuIilLfdDSxTFAV".indexOf(tag) < 0) {
                byte[] bytes = new byte[20];
                bytes[0] = 1;
                bytes[1] = 'k';
                bytes[2] = (byte) tag;
                assertThatThrownBy(() -> read(bytes)).isInstanceOf(MalformedTableException.class);
            }
        }
    }

    @Test
    void refusesLengthsThatAreNegativeOrBeyondTheTable() {
        for (char tag : "SxFA".toCharArray()) {
            for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1}) {
                byte[] bytes = ByteBuffer.allocate(7)
                        .put((byte) 1)
                        .put((byte) 'k')
                        .put((byte) tag)
                        .putInt(length)
                        .array();
                assertThatThrownBy(() -> read(bytes)).isInstanceOf(MalformedTableException.class);
            }
        }
    }

    @Test
    void takes64LevelsOfNestingAndNoMore() {
        assertThat(read(nested(64).toBytes())).isEqualTo(nested(64));
        byte[] tooDeep = nested(65).toBytes();
        assertThatThrownBy(() -> read(tooDeep)).isInstanceOf(MalformedTableException.class);
    }

    @Test
    void sortsKeysByTheirBytesWhenAsked() {
        FieldTable table = FieldTable.builder()
                .put("b", FieldValue.of(true))
                .put("\uFFFD", FieldValue.of(true))
                .put("\uD83D\uDC07", FieldValue.of(true))
                .put("B", FieldValue.of(true))
                .put("", FieldValue.of(true))
                .put("ab", FieldValue.of(true))
                .build();
        byte[] sorted = table.toSortedBytes();
        assertThat(read(sorted).asMap().keySet()).containsExactly("", "B", "ab", "b", "\uFFFD", "\uD83D\uDC07");
    }

    @Test
    void keepsBytesThatAreNoUtf8() {
        byte[] bytes = {2, (byte) 0xC3, (byte) 0x28, 'S', 0, 0, 0, 1, (byte) 0xFF};
        assertThat(read(bytes).toBytes()).isEqualTo(bytes);
    }

    @Test
    void refusesToWriteAKeyThatIsTooLong() {
        assertThat(FieldTable.EMPTY.with("k".repeat(255), FieldValue.of(1)).toBytes())
                .hasSize(1 + 255 + 5);
        FieldTable table = FieldTable.EMPTY.with("k".repeat(256), FieldValue.of(1));
        assertThatThrownBy(table::toBytes).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesTheTableAloneWhenFieldsAreAddedOrTakenAway() {
        FieldTable table = FieldTable.builder()
                .put("a", FieldValue.of(1))
                .put("b", FieldValue.of(2))
                .build();
        assertThat(table.with("a", FieldValue.of(3)).toBytes())
                .isEqualTo(FieldTable.builder()
                        .put("a", FieldValue.of(3))
                        .put("b", FieldValue.of(2))
                        .build()
                        .toBytes());
        assertThat(table.without("a").asMap()).containsOnlyKeys("b");
        assertThat(table.without("c")).isSameAs(table);
        assertThat(table.without("a").without("b")).isSameAs(FieldTable.EMPTY);
        assertThat(table.asMap()).containsOnlyKeys("a", "b");
    }

    @Test
    void readsNothingAsTheEmptyTable() {
        assertThat(FieldTable.read("abc".getBytes(StandardCharsets.US_ASCII), 3, 0))
                .isSameAs(FieldTable.EMPTY);
        assertThat(FieldTable.EMPTY.toBytes()).isEmpty();
    }

    private static FieldTable nested(int levels) {
        FieldTable table = FieldTable.EMPTY.with("k", FieldValue.of(true));
        for (int level = 0; level < levels; level += 2) {
            table = level == levels - 1
                    ? FieldTable.EMPTY.with("k", FieldValue.of(table))
                    : FieldTable.EMPTY.with("k", FieldValue.of(List.of(FieldValue.of(table))));
        }
        return table;
    }

    private static FieldTable read(byte[] bytes) {
        return FieldTable.read(bytes, 0, bytes.length);
    }
}
