package io.leveret.broker.amqp.raw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads AMQP's wire types one after another, throwing {@link java.nio.BufferUnderflowException} at the end. */
public final class WireReader {
    private final ByteBuffer in;

    public WireReader(byte[] bytes, int offset) {
        in = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
    }

    public int octet() {
        return in.get() & 0xFF;
    }

    public int shortUint() {
        return in.getShort() & 0xFFFF;
    }

    public long longUint() {
        return in.getInt() & 0xFFFF_FFFFL;
    }

    public long longlong() {
        return in.getLong();
    }

    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    public byte[] shortStrBytes() {
        return bytes(octet());
    }

    public String shortStr() {
        return new String(shortStrBytes(), StandardCharsets.UTF_8);
    }

    public String longStr() {
        return new String(bytes(in.getInt()), StandardCharsets.UTF_8);
    }

    /** A table of the types that connection.start holds: bool, longstr and nested tables. */
    public Map<String, Object> table() {
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

    public int remaining() {
        return in.remaining();
    }
}
