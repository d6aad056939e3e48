package io.leveret.broker.message;

import io.leveret.broker.text.Utf8;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Grows a byte array by AMQP values. */
final class ValueWriter {
    private static final int MAX_SHORT_STRING = 255;

    private byte[] data = new byte[256];
    private int size;

    byte[] toBytes() {
        return Arrays.copyOf(data, size);
    }

    void entries(FieldTable table) {
        table.asMap().forEach(this::entry);
    }

    /** Keys ascending by their bytes, as RabbitMQ's term order sorts them. Nested tables keep their order. */
    void sortedEntries(FieldTable table) {
        table.asMap().entrySet().stream()
                .sorted(Map.Entry.comparingByKey((a, b) -> Arrays.compareUnsigned(Utf8.encode(a), Utf8.encode(b))))
                .forEach(field -> entry(field.getKey(), field.getValue()));
    }

    void table(FieldTable table) {
        int lengthAt = reserveLength();
        entries(table);
        fillLength(lengthAt);
    }

    void shortString(String text) {
        byte[] bytes = Utf8.encode(text);
        if (bytes.length > MAX_SHORT_STRING) {
            throw new IllegalArgumentException("a shortstr holds 255 bytes, not " + bytes.length);
        }
        octet(bytes.length);
        bytes(bytes);
    }

    void octet(int value) {
        room(1);
        data[size++] = (byte) value;
    }

    void shortInteger(int value) {
        octet(value >> 8);
        octet(value);
    }

    void integer(int value) {
        shortInteger(value >> 16);
        shortInteger(value);
    }

    void longInteger(long value) {
        integer((int) (value >> 32));
        integer((int) value);
    }

    private void entry(String key, FieldValue value) {
        shortString(key);
        value(value);
    }

    private void value(FieldValue field) {
        octet(field.tag());
        switch (field.tag()) {
            case 't' -> octet(Boolean.TRUE.equals(field.value()) ? 1 : 0);
            case 'b', 'B' -> octet((int) field.asLong());
            case 's', 'u' -> shortInteger((int) field.asLong());
            case 'I', 'i' -> integer((int) field.asLong());
            case 'l', 'T' -> longInteger(field.asLong());
            case 'f' -> integer(Float.floatToRawIntBits((Float) present(field)));
            case 'd' -> longInteger(Double.doubleToRawLongBits((Double) present(field)));
            case 'D' -> {
                BigDecimal decimal = (BigDecimal) present(field);
                octet(decimal.scale());
                integer(decimal.unscaledValue().intValue());
            }
            case 'S' -> sized(Utf8.encode(field.asString()));
            case 'x' -> sized((byte[]) present(field));
            case 'F' -> table((FieldTable) present(field));
            case 'A' -> {
                int lengthAt = reserveLength();
                field.asArray().forEach(this::value);
                fillLength(lengthAt);
            }
            case 'V' -> {}
            default -> throw new IllegalArgumentException("no field value has the tag " + field.tag());
        }
    }

    private static Object present(FieldValue field) {
        return Objects.requireNonNull(field.value());
    }

    private void sized(byte[] bytes) {
        integer(bytes.length);
        bytes(bytes);
    }

    private void bytes(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, data, size, bytes.length);
        size += bytes.length;
    }

    private int reserveLength() {
        integer(0);
        return size;
    }

    private void fillLength(int contentAt) {
        int end = size;
        size = contentAt - Integer.BYTES;
        integer(end - contentAt);
        size = end;
    }

    private void room(int more) {
        if (data.length - size < more) {
            data = Arrays.copyOf(data, Math.max(data.length * 2, size + more));
        }
    }
}
