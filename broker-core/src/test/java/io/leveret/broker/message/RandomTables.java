package io.leveret.broker.message;

import io.leveret.broker.text.Utf8;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Random field tables with every tag, bytes that are no UTF-8, and nesting. */
final class RandomTables {
    private static final String TAGS = "tbBsuIilfdDSxTVFA";

    private final Random random;

    RandomTables(long seed) {
        random = new Random(seed);
    }

    FieldTable table(int depth) {
        Map<String, FieldValue> fields = new LinkedHashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            fields.put(text(20), value(depth));
        }
        return FieldTable.of(fields);
    }

    String text(int maxBytes) {
        byte[] bytes = bytes(maxBytes);
        return Utf8.decode(bytes, 0, bytes.length);
    }

    private byte[] bytes(int maxBytes) {
        byte[] bytes = new byte[random.nextInt(maxBytes + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    private FieldValue value(int depth) {
        char tag = TAGS.charAt(random.nextInt(depth == 0 ? TAGS.length() - 2 : TAGS.length()));
        return switch (tag) {
            case 't' -> FieldValue.of(random.nextBoolean());
            case 'b' -> new FieldValue(tag, (long) (byte) random.nextInt());
            case 'B' -> new FieldValue(tag, (long) random.nextInt(256));
            case 's' -> new FieldValue(tag, (long) (short) random.nextInt());
            case 'u' -> new FieldValue(tag, (long) random.nextInt(65_536));
            case 'I' -> FieldValue.of(random.nextInt());
            case 'i' -> new FieldValue(tag, random.nextInt() & 0xFFFF_FFFFL);
            case 'l', 'T' -> new FieldValue(tag, random.nextLong());
            case 'f' -> new FieldValue(tag, random.nextFloat());
            case 'd' -> new FieldValue(tag, random.nextGaussian());
            case 'D' -> new FieldValue(tag, BigDecimal.valueOf(random.nextInt() & 0xFFFF_FFFFL, random.nextInt(256)));
            case 'S' -> FieldValue.of(text(300));
            case 'x' -> new FieldValue(tag, bytes(300));
            case 'F' -> FieldValue.of(table(depth - 1));
            case 'A' ->
                FieldValue.of(Stream.generate(() -> value(depth - 1))
                        .limit(random.nextInt(4))
                        .toList());
            default -> new FieldValue('V', null);
        };
    }
}
