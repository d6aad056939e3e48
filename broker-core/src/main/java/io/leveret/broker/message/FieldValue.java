package io.leveret.broker.message;

import io.leveret.broker.text.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value of a field table with the tag it had on the wire, because RabbitMQ keeps tags when it writes a table again and
 * names them in error texts. Table of tags: RabbitMQ's variant of AMQP 0-9-1 section 4.2.5.5.
 *
 * @param tag the type tag, one of {@code t b B s u I i l f d D S x T F A V}; {@code L} is read as {@code l}
 * @param value {@link Boolean} for t, {@link Long} for every integer and for T (seconds), {@link Float}, {@link Double},
 *     {@link java.math.BigDecimal} for D, {@link String} for S (see {@link Utf8}), {@code byte[]} for x,
 *     {@link FieldTable} for F, {@code List<FieldValue>} for A, null for V
 */
public record FieldValue(char tag, @Nullable Object value) {

    /** A {@code longstr}. */
    public static FieldValue of(String text) {
        return new FieldValue('S', text);
    }

    /** A 64-bit integer, tag {@code l}. */
    public static FieldValue of(long number) {
        return new FieldValue('l', number);
    }

    /** A 32-bit integer, tag {@code I}. */
    public static FieldValue of(int number) {
        return new FieldValue('I', (long) number);
    }

    public static FieldValue of(boolean flag) {
        return new FieldValue('t', flag);
    }

    public static FieldValue of(FieldTable table) {
        return new FieldValue('F', table);
    }

    public static FieldValue of(List<FieldValue> array) {
        return new FieldValue('A', List.copyOf(array));
    }

    /** A point in time, seconds since the epoch. */
    public static FieldValue timestamp(long seconds) {
        return new FieldValue('T', seconds);
    }

    /** Whether RabbitMQ takes this for an integer argument: tags b B s u I i l. */
    public boolean isInteger() {
        return "bBsuIil".indexOf(tag) >= 0;
    }

    public boolean isLongString() {
        return tag == 'S';
    }

    /** The number of an integer or timestamp. */
    public long asLong() {
        return (Long) Objects.requireNonNull(value);
    }

    /** The text of a {@code longstr}. */
    public String asString() {
        return (String) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    public List<FieldValue> asArray() {
        return (List<FieldValue>) Objects.requireNonNull(value);
    }

    /** RabbitMQ's name of the type, as its error texts print it: longstr, signedint, long, bool and so on. */
    public String typeName() {
        return switch (tag) {
            case 't' -> "bool";
            case 'b' -> "byte";
            case 'B' -> "unsignedbyte";
            case 's' -> "short";
            case 'u' -> "unsignedshort";
            case 'I' -> "signedint";
            case 'i' -> "unsignedint";
            case 'l' -> "long";
            case 'f' -> "float";
            case 'd' -> "double";
            case 'D' -> "decimal";
            case 'S' -> "longstr";
            case 'x' -> "binary";
            case 'T' -> "timestamp";
            case 'F' -> "table";
            case 'A' -> "array";
            default -> "void";
        };
    }

    /**
     * Whether two values are the same to RabbitMQ's equivalence checks, which look at the value and not the tag: all
     * integers and timestamps compare as numbers, a longstr equals a byte array of the same bytes, an integer never
     * equals a float.
     */
    public boolean isEquivalentTo(FieldValue other) {
        Object a = value;
        Object b = other.value;
        if (a instanceof byte[] bytes) {
            a = Utf8.decode(bytes, 0, bytes.length);
        }
        if (b instanceof byte[] bytes) {
            b = Utf8.decode(bytes, 0, bytes.length);
        }
        if (a instanceof Float f) {
            a = (double) f;
        }
        if (b instanceof Float f) {
            b = (double) f;
        }
        return Objects.equals(a, b);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldValue that
                && tag == that.tag
                && (value instanceof byte[] a && that.value instanceof byte[] b
                        ? Arrays.equals(a, b)
                        : Objects.equals(value, that.value));
    }

    @Override
    public int hashCode() {
        return 31 * tag + (value instanceof byte[] bytes ? Arrays.hashCode(bytes) : Objects.hashCode(value));
    }
}
