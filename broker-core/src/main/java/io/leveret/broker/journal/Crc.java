package io.leveret.broker.journal;

import java.util.zip.CRC32C;

/** Checksums of the parts of a row. */
final class Crc {
    /** Where the checksum of a part is, behind its version. */
    private static final int AT = 1;

    private static final int COVERED_FROM = AT + Integer.BYTES;

    private Crc() {}

    /** Writes the checksum of a part into it: over all but the first five bytes, which are the version and itself. */
    static void seal(byte[] part) {
        int crc = of(part, COVERED_FROM, part.length - COVERED_FROM);
        for (int i = 0; i < Integer.BYTES; i++) {
            part[AT + i] = (byte) (crc >>> (24 - 8 * i));
        }
    }

    /** Whether a part has the checksum that {@link #seal} has given it. */
    static boolean isSound(byte[] part, int version) {
        if (part.length < COVERED_FROM || part[0] != version) {
            return false;
        }
        int crc = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            crc = crc << 8 | part[AT + i] & 0xFF;
        }
        return crc == of(part, COVERED_FROM, part.length - COVERED_FROM);
    }

    static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
