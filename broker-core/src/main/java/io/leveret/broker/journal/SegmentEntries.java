package io.leveret.broker.journal;

import io.leveret.broker.message.Message;
import io.leveret.broker.message.MessageRecord;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a segment as bytes: what is in which slot and where in the payload, with a checksum over all of it. All
 * numbers are big-endian.
 */
final class SegmentEntries {
    /** Flag: to be there after a restart. */
    static final int LASTING = 1;

    /** Flag: the slot holds nothing. */
    static final int VOID = 2;

    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 1 + 4 + 4;
    private static final int ENTRY_BYTES = 8 + 1 + 1 + 8 + 4 + 4 + 4 + 4;

    private final ByteBuffer bytes;
    private final int count;

    private SegmentEntries(ByteBuffer bytes, int count) {
        this.bytes = bytes;
        this.count = count;
    }

    /** Writes a batch: its entries, and its messages into the payload, one after another. */
    static JournalSegment encode(JournalBatch batch) {
        ByteBuffer entries = ByteBuffer.allocate(HEADER_BYTES + batch.entries() * ENTRY_BYTES);
        ByteBuffer payload = ByteBuffer.allocate((int) batch.bytes());
        entries.put((byte) VERSION).putInt(0).putInt(batch.entries());
        for (int slot = 0; slot < batch.entries(); slot++) {
            Message message = batch.message(slot);
            if (message == null) {
                entries.putLong(0).put((byte) VOID).put((byte) 0).putLong(0);
                entries.putInt(0).putInt(0).putInt(0).putInt(0);
                continue;
            }
            int at = payload.position();
            MessageRecord.write(message, payload);
            int length = payload.position() - at;
            CRC32C crc = new CRC32C();
            crc.update(payload.array(), at, length);
            entries.putLong(batch.owner(slot));
            entries.put((byte) batch.flags(slot));
            entries.put((byte) message.priority());
            entries.putLong(message.deadlineMillis());
            entries.putInt(message.bodyLength());
            entries.putInt(at);
            entries.putInt(length);
            entries.putInt((int) crc.getValue());
        }
        seal(entries);
        return new JournalSegment(batch.segment, entries.array(), SegmentSettlements.encode(batch), payload.array());
    }

    private static void seal(ByteBuffer bytes) {
        bytes.putInt(1, checksum(bytes.array()));
    }

    /** Over all but the first five bytes, which are the version and the checksum itself. */
    static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 5, bytes.length - 5);
        return (int) crc.getValue();
    }

    /**
     * Reads what {@link #encode} has written.
     *
     * @return null if it is damaged
     */
    static @Nullable SegmentEntries decode(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != VERSION) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int count = buffer.getInt(5);
        boolean sound = buffer.getInt(1) == checksum(bytes)
                && count >= 0
                && bytes.length == HEADER_BYTES + (long) count * ENTRY_BYTES;
        return sound ? new SegmentEntries(buffer, count) : null;
    }

    int count() {
        return count;
    }

    long owner(int slot) {
        return bytes.getLong(at(slot));
    }

    boolean isVoid(int slot) {
        return (bytes.get(at(slot) + 8) & VOID) != 0;
    }

    boolean isLasting(int slot) {
        return (bytes.get(at(slot) + 8) & LASTING) != 0;
    }

    int priority(int slot) {
        return bytes.get(at(slot) + 9) & 0xFF;
    }

    long deadlineMillis(int slot) {
        return bytes.getLong(at(slot) + 10);
    }

    int bodyLength(int slot) {
        return bytes.getInt(at(slot) + 18);
    }

    int payloadOffset(int slot) {
        return bytes.getInt(at(slot) + 22);
    }

    int payloadLength(int slot) {
        return bytes.getInt(at(slot) + 26);
    }

    /**
     * The message in a slot as the queue had it.
     *
     * @return null if it is damaged
     */
    @Nullable Message message(long segment, int slot, byte[] payload) {
        int offset = payloadOffset(slot);
        int length = payloadLength(slot);
        if (offset < 0 || length < 0 || offset > payload.length - length) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(payload, offset, length);
        if ((int) crc.getValue() != bytes.getInt(at(slot) + 30)) {
            return null;
        }
        return MessageRecord.read(ByteBuffer.wrap(payload, offset, length))
                .inQueue(deadlineMillis(slot), Place.of(segment, slot));
    }

    private static int at(int slot) {
        return HEADER_BYTES + slot * ENTRY_BYTES;
    }
}
