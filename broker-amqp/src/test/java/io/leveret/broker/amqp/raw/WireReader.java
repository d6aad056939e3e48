package io.leveret.broker.amqp.raw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads AMQP's wire types one after another, throwing {@link java.nio.BufferUnderflowException} at the end. */
final class WireReader {
    private final ByteBuffer in;

    WireReader(byte[] bytes, int offset) {
        in = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
    }

    int octet() {
        return in.get() & 0xFF;
    }

    int shortUint() {
        return in.getShort() & 0xFFFF;
    }

    long longUint() {
        return in.getInt() & 0xFFFF_FFFFL;
    }

    long longlong() {
        return in.getLong();
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    byte[] shortStrBytes() {
        return bytes(octet());
    }

    String shortStr() {
        return new String(shortStrBytes(), StandardCharsets.UTF_8);
    }

    String longStr() {
        return new String(bytes(in.getInt()), StandardCharsets.UTF_8);
    }

    /** A table of the types that connection.start holds: bool, longstr and nested tables. */
    Map<String, Object> table() {
        int end = in.getInt() + in.position();
        Map<String, Object> entries = new LinkedHashMap<>();
        while (in.position() < end) {
            entries.put(shortStr(), value());
        }
        return entries;
    }

    private Object value() {
        int tag = octet();
        return switch (tag) {
            case 't' -> octet() != 0;
            case 'I' -> in.getInt();
            case 'S' -> longStr();
            case 'F' -> table();
            default -> throw new IllegalArgumentException("unexpected tag " + (char) tag);
        };
    }

    int remaining() {
        return in.remaining();
    }
}
