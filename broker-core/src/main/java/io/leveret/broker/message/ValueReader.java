package io.leveret.broker.message;

import io.leveret.broker.text.Utf8;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes values from bytes that {@link TableBytes#isWellFormed} or {@link PropertyScanner#scan} has accepted; checks
 * nothing itself.
 */
final class ValueReader {
    private final byte[] data;
    private int at;

    ValueReader(byte[] data, int offset) {
        this.data = data;
        this.at = offset;
    }

    FieldTable readEntries(int end) {
        Map<String, FieldValue> fields = new LinkedHashMap<>();
        while (at < end) {
            String key = shortString();
            fields.putIfAbsent(key, readValue());
        }
        return FieldTable.of(fields);
    }

    FieldTable table() {
        int length = integer();
        return readEntries(at + length);
    }

    String shortString() {
        int length = octet();
        return Utf8.decode(data, skip(length), length);
    }

    int octet() {
        return data[at++] & 0xFF;
    }

    int shortInteger() {
        return TableBytes.getShort(data, skip(Short.BYTES));
    }

    long longInteger() {
        return TableBytes.getLong(data, skip(Long.BYTES));
    }

    private List<FieldValue> readElements(int end) {
        List<FieldValue> elements = new ArrayList<>();
        while (at < end) {
            elements.add(readValue());
        }
        return List.copyOf(elements);
    }

    private FieldValue readValue() {
        char tag = (char) data[at++];
        return switch (tag) {
            case 't' -> new FieldValue(tag, octet() != 0);
            case 'b' -> new FieldValue(tag, (long) (byte) octet());
            case 'B' -> new FieldValue(tag, (long) octet());
            case 's' -> new FieldValue(tag, (long) (short) shortInteger());
            case 'u' -> new FieldValue(tag, (long) shortInteger());
            case 'I' -> new FieldValue(tag, (long) integer());
            case 'i' -> new FieldValue(tag, integer() & 0xFFFF_FFFFL);
            case 'l', 'L' -> new FieldValue('l', longInteger());
            case 'T' -> new FieldValue(tag, longInteger());
            case 'f' -> new FieldValue(tag, Float.intBitsToFloat(integer()));
            case 'd' -> new FieldValue(tag, Double.longBitsToDouble(longInteger()));
            case 'D' -> readDecimal();
            case 'S' -> {
                int length = integer();
                yield new FieldValue(tag, Utf8.decode(data, skip(length), length));
            }
            case 'x' -> {
                int length = integer();
                byte[] bytes = new byte[length];
                System.arraycopy(data, skip(length), bytes, 0, length);
                yield new FieldValue(tag, bytes);
            }
            case 'F' -> new FieldValue(tag, table());
            case 'A' -> {
                int length = integer();
                yield new FieldValue(tag, readElements(at + length));
            }
            default -> new FieldValue('V', null);
        };
    }

    private FieldValue readDecimal() {
        int scale = octet();
        return new FieldValue('D', BigDecimal.valueOf(integer() & 0xFFFF_FFFFL, scale));
    }

    private int integer() {
        return TableBytes.getInt(data, skip(Integer.BYTES));
    }

    private int skip(int size) {
        int from = at;
        at += size;
        return from;
    }
}
