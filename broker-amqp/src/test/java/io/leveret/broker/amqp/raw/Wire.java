package io.leveret.broker.amqp.raw;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes AMQP's wire types one after another; checks nothing, so that a test can write nonsense. */
public final class Wire {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Wire() {}

    public static Wire wire() {
        return new Wire();
    }

    /** Bytes given as numbers of 0 to 255, which is how they are readable in a test. */
    public static byte[] octets(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public Wire bytes(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public Wire octet(int value) {
        out.write(value);
        return this;
    }

    public Wire shortUint(int value) {
        return octet(value >>> 8).octet(value);
    }

    public Wire longUint(long value) {
        return shortUint((int) (value >>> 16)).shortUint((int) value);
    }

    public Wire longlong(long value) {
        return longUint(value >>> 32).longUint(value);
    }

    public Wire shortStr(String text) {
        return shortStr(utf8(text));
    }

    public Wire shortStr(byte[] bytes) {
        return octet(bytes.length).bytes(bytes);
    }

    public Wire longStr(String text) {
        return longStr(utf8(text));
    }

    public Wire longStr(byte[] bytes) {
        return longUint(bytes.length).bytes(bytes);
    }

    public Wire emptyTable() {
        return longUint(0);
    }

    public Wire table(Map<String, ?> entries) {
        return longStr(tableBody(entries));
    }

    /** The entries of a table without the length in front, as AMQPLAIN wants them. */
    public static byte[] tableBody(Map<String, ?> entries) {
        Wire body = wire();
        entries.forEach((key, value) -> body.shortStr(key).value(value));
        return body.toBytes();
    }

    private Wire value(Object value) {
        if (value instanceof Boolean bool) {
            return octet('t').octet(bool ? 1 : 0);
        }
        if (value instanceof Integer integer) {
            return octet('I').longUint(integer);
        }
        if (value instanceof String text) {
            return octet('S').longStr(text);
        }
        if (value instanceof Map<?, ?> nested) {
            Wire body = wire();
            nested.forEach((key, inner) -> body.shortStr((String) key).value(inner));
            return octet('F').longStr(body.toBytes());
        }
        throw new IllegalArgumentException("no tag for " + value);
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
