package io.leveret.broker.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a field table on the wire with ascending keys, as RabbitMQ writes the headers of a message that it has
 * changed. Fields are put in by copying; no value is decoded.
 */
public final class SortedTable {
    private SortedTable() {}

    /**
     * Entries with some fields put in, or replaced.
     *
     * @param data holds well-formed entries, their keys ascending byte by byte without repetition
     * @param length how long all entries are together
     * @param keys ascending
     * @param values of the keys, each beginning with its type tag
     */
    public static byte[] with(byte[] data, int offset, int length, byte[][] keys, byte[][] values) {
        byte[] merged = new byte[merge(data, offset, offset + length, keys, values, null)];
        merge(data, offset, offset + length, keys, values, merged);
        return merged;
    }

    /** Counts, and writes if there is something to write to. */
    private static int merge(byte[] data, int offset, int end, byte[][] keys, byte[][] values, byte @Nullable [] out) {
        int size = 0;
        int next = 0;
        int at = offset;
        while (at < end) {
            int tagAt = at + 1 + (data[at] & 0xFF);
            int after = TableBytes.skipWellFormed(data, tagAt, end);
            int order = 1;
            while (next < keys.length && (order = compare(keys[next], data, at + 1, tagAt)) < 0) {
                size = put(keys[next], values[next], out, size);
                next++;
            }
            if (next < keys.length && order == 0) {
                size = put(keys[next], values[next], out, size);
                next++;
            } else {
                size = copy(data, at, after, out, size);
            }
            at = after;
        }
        for (; next < keys.length; next++) {
            size = put(keys[next], values[next], out, size);
        }
        return size;
    }

    private static int compare(byte[] key, byte[] data, int from, int to) {
        return Arrays.compareUnsigned(key, 0, key.length, data, from, to);
    }

    private static int put(byte[] key, byte[] value, byte @Nullable [] out, int at) {
        if (out != null) {
            out[at] = (byte) key.length;
        }
        return copy(value, 0, value.length, out, copy(key, 0, key.length, out, at + 1));
    }

    private static int copy(byte[] from, int start, int end, byte @Nullable [] out, int at) {
        if (out != null) {
            System.arraycopy(from, start, out, at, end - start);
        }
        return at + end - start;
    }
}
