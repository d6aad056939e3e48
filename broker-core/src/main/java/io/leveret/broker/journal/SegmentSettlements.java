package io.leveret.broker.journal;

import java.nio.ByteBuffer;

/** The places that a segment settles, as bytes with a checksum. */
final class SegmentSettlements {
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 1 + 4;

    private SegmentSettlements() {}

    static byte[] encode(JournalBatch batch) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + batch.settlements() * Long.BYTES);
        bytes.put((byte) VERSION).putInt(0);
        for (int i = 0; i < batch.settlements(); i++) {
            bytes.putLong(batch.settlement(i));
        }
        bytes.putInt(1, SegmentEntries.checksum(bytes.array()));
        return bytes.array();
    }

    /** Whether {@link #places} can be read. */
    static boolean isSound(byte[] bytes) {
        return bytes.length >= HEADER_BYTES
                && bytes[0] == VERSION
                && (bytes.length - HEADER_BYTES) % Long.BYTES == 0
                && ByteBuffer.wrap(bytes).getInt(1) == SegmentEntries.checksum(bytes);
    }

    static long[] places(byte[] bytes) {
        long[] places = new long[(bytes.length - HEADER_BYTES) / Long.BYTES];
        ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES)
                .asLongBuffer()
                .get(places);
        return places;
    }
}
