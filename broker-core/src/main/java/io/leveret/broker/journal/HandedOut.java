package io.leveret.broker.journal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far each queue had handed out its messages when the broker was stopped: what the closing segment of a clean stop says,
 * in the place of entries.
 */
final class HandedOut {
    private static final int VERSION = 2;
    private static final int HEADER_BYTES = 1 + 4;
    private static final int RECORD_BYTES = 8 + 1 + 8;

    private final Map<Level, Long> places = new HashMap<>();

    private record Level(long owner, int priority) {}

    /** Takes note of a place that was handed out; the greatest one counts. */
    void add(long owner, int priority, long place) {
        places.merge(new Level(owner, priority), place, Math::max);
    }

    void addAll(HandedOut other) {
        other.places.forEach((level, place) -> places.merge(level, place, Math::max));
    }

    /** The greatest place that was handed out, 0 for none. */
    long upTo(long owner, int priority) {
        Long place = places.get(new Level(owner, priority));
        return place == null ? 0 : place;
    }

    /** Whether bytes are meant to be this rather than entries. */
    static boolean isKind(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == VERSION;
    }

    byte[] toBytes() {
        byte[] bytes = new byte[HEADER_BYTES + places.size() * RECORD_BYTES];
        bytes[0] = VERSION;
        ByteBuffer to = ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        places.forEach((level, place) ->
                to.putLong(level.owner).put((byte) level.priority).putLong(place));
        Crc.seal(bytes);
        return bytes;
    }

    /** @return null if it is damaged */
    static @Nullable HandedOut decode(byte[] bytes) {
        if (!Crc.isSound(bytes, VERSION) || (bytes.length - HEADER_BYTES) % RECORD_BYTES != 0) {
            return null;
        }
        HandedOut handedOut = new HandedOut();
        ByteBuffer from = ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        while (from.hasRemaining()) {
            handedOut.add(from.getLong(), from.get() & 0xFF, from.getLong());
        }
        return handedOut;
    }
}
