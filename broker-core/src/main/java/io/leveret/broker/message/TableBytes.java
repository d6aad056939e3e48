package io.leveret.broker.message;

/**
 * Steps over the bytes of field tables without decoding or allocating. Every method returns the offset after what it
 * stepped over, or {@link #MALFORMED} when that is no table or would go past the end.
 */
final class TableBytes {
    static final int MALFORMED = -1;

    /** How deep tables and arrays may nest below the outermost table; keeps hostile input from exhausting the stack. */
    static final int MAX_DEPTH = 64;

    private TableBytes() {}

    static boolean isWellFormed(byte[] data, int offset, int length) {
        return skipEntries(data, offset, offset + length, 0) != MALFORMED;
    }

    private static int skipEntries(byte[] data, int offset, int end, int depth) {
        int at = offset;
        while (at < end) {
            int tagAt = at + 1 + (data[at] & 0xFF);
            at = skipValue(data, tagAt, end, depth);
            if (at == MALFORMED) {
                return MALFORMED;
            }
        }
        return at;
    }

    private static int skipElements(byte[] data, int offset, int end, int depth) {
        int at = offset;
        while (at < end) {
            at = skipValue(data, at, end, depth);
            if (at == MALFORMED) {
                return MALFORMED;
            }
        }
        return at;
    }

    /** Steps over a tag and its value, at the given depth of nesting. */
    static int skipValue(byte[] data, int tagAt, int end, int depth) {
        if (tagAt >= end) {
            return MALFORMED;
        }
        int at = tagAt + 1;
        return switch (data[tagAt]) {
            case 'V' -> at;
            case 't', 'b', 'B' -> within(at, 1, end);
            case 's', 'u' -> within(at, 2, end);
            case 'I', 'i', 'f' -> within(at, 4, end);
            case 'D' -> within(at, 5, end);
            case 'l', 'L', 'd', 'T' -> within(at, 8, end);
            case 'S', 'x' -> skipSized(data, at, end);
            case 'F' -> {
                int next = skipSized(data, at, end);
                yield next == MALFORMED || depth == MAX_DEPTH
                        ? MALFORMED
                        : skipEntries(data, at + Integer.BYTES, next, depth + 1);
            }
            case 'A' -> {
                int next = skipSized(data, at, end);
                yield next == MALFORMED || depth == MAX_DEPTH
                        ? MALFORMED
                        : skipElements(data, at + Integer.BYTES, next, depth + 1);
            }
            default -> MALFORMED;
        };
    }

    /** Steps over a tag and its value in a table that was found well-formed, without looking into what is nested. */
    static int skipWellFormed(byte[] data, int tagAt, int end) {
        byte tag = data[tagAt];
        return tag == 'A' || tag == 'F' ? skipSized(data, tagAt + 1, end) : skipValue(data, tagAt, end, 0);
    }

    /** Steps over a 32-bit length and as many bytes. */
    static int skipSized(byte[] data, int at, int end) {
        return end - at < Integer.BYTES ? MALFORMED : within(at + Integer.BYTES, getInt(data, at), end);
    }

    private static int within(int at, int size, int end) {
        return size < 0 || end - at < size ? MALFORMED : at + size;
    }

    static int getShort(byte[] data, int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }

    static int getInt(byte[] data, int at) {
        return getShort(data, at) << 16 | getShort(data, at + 2);
    }

    static long getLong(byte[] data, int at) {
        return (long) getInt(data, at) << 32 | getInt(data, at + 4) & 0xFFFF_FFFFL;
    }
}
