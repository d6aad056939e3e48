package io.leveret.broker.journal;

import java.nio.ByteBuffer;

/** The places that a segment settles, as bytes with a checksum. */
final class SegmentSettlements {
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 1 + 4;

    private SegmentSettlements() {}

    /** How many bytes so many places take. */
    static int length(int count) {
        return HEADER_BYTES + count * Long.BYTES;
    }

    /** @param count how many of the places count */
    static byte[] encode(long[] places, int count) {
        byte[] bytes = new byte[length(count)];
        bytes[0] = VERSION;
        ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES)
                .asLongBuffer()
                .put(places, 0, count);
        Crc.seal(bytes);
        return bytes;
    }

    /** Whether {@link #places} can be read. */
    static boolean isSound(byte[] bytes) {
        return (bytes.length - HEADER_BYTES) % Long.BYTES == 0 && Crc.isSound(bytes, VERSION);
    }

    static long[] places(byte[] bytes) {
        long[] places = new long[(bytes.length - HEADER_BYTES) / Long.BYTES];
        ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES)
                .asLongBuffer()
                .get(places);
        return places;
    }
}
