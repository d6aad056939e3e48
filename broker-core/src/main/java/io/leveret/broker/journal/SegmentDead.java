package io.leveret.broker.journal;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which entries of a segment are over, a bit for each by its index, with a checksum. */
final class SegmentDead {
    /** Nothing is said. */
    static final byte[] NONE = new byte[0];

    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 1 + 4;

    private SegmentDead() {}

    static byte[] encode(BitSet dead) {
        byte[] bits = dead.toByteArray();
        byte[] bytes = new byte[HEADER_BYTES + bits.length];
        bytes[0] = VERSION;
        System.arraycopy(bits, 0, bytes, HEADER_BYTES, bits.length);
        Crc.seal(bytes);
        return bytes;
    }

    /** @return null if it is damaged */
    static @Nullable BitSet decode(byte[] bytes) {
        if (bytes.length == 0) {
            return new BitSet();
        }
        if (!Crc.isSound(bytes, VERSION)) {
            return null;
        }
        return BitSet.valueOf(ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES));
    }
}
