package io.leveret.broker.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * About how large each entry of a segment is, relative to the others: one number if all are the same, otherwise a byte for
 * each, which is right to within an eighth.
 */
final class EntrySizes {
    private static final int EXACT = 16;
    private static final int FRACTION_BITS = 3;

    private final int uniform;
    private final byte @Nullable [] codes;
    private final long total;

    private EntrySizes(int uniform, byte @Nullable [] codes, long total) {
        this.uniform = uniform;
        this.codes = codes;
        this.total = total;
    }

    /** @param count how many of the sizes count */
    static EntrySizes of(int[] sizes, int count) {
        int first = count == 0 ? 0 : sizes[0];
        boolean same = true;
        for (int i = 1; same && i < count; i++) {
            same = sizes[i] == first;
        }
        if (same) {
            return new EntrySizes(first, null, (long) first * count);
        }
        byte[] codes = new byte[count];
        long total = 0;
        for (int i = 0; i < count; i++) {
            codes[i] = encode(sizes[i]);
            total += decode(codes[i]);
        }
        return new EntrySizes(0, Arrays.copyOf(codes, count), total);
    }

    int of(int index) {
        return codes == null ? uniform : decode(codes[index]);
    }

    /** The sum of all. */
    long total() {
        return total;
    }

    private static byte encode(int size) {
        if (size < EXACT) {
            return (byte) size;
        }
        int exponent = 31 - Integer.numberOfLeadingZeros(size);
        int fraction = size >>> (exponent - FRACTION_BITS) & (1 << FRACTION_BITS) - 1;
        return (byte) (EXACT + ((exponent - 4) << FRACTION_BITS) + fraction);
    }

    private static int decode(byte code) {
        int unsigned = code & 0xFF;
        if (unsigned < EXACT) {
            return unsigned;
        }
        int exponent = ((unsigned - EXACT) >>> FRACTION_BITS) + 4;
        int fraction = (unsigned - EXACT) & (1 << FRACTION_BITS) - 1;
        int least = (1 << FRACTION_BITS | fraction) << (exponent - FRACTION_BITS);
        return least + ((1 << (exponent - FRACTION_BITS)) >> 1);
    }
}
