package io.leveret.broker.journal;

import io.leveret.broker.message.Message;
import io.leveret.broker.message.MessageRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a segment as bytes: what has which place and where in the payload, by ascending places, with a checksum over
 * all of it. All numbers are big-endian.
 *
 * <p>A segment as it was first written has entries of its own id alone. One that has swallowed its successors has theirs as
 * well; so an entry's place is given as how much it is behind the first place of the segment.
 */
final class SegmentEntries {
    /** Flag: to be there after a restart. */
    static final int LASTING = 1;

    static final int ENTRY_BYTES = 4 + 8 + 1 + 1 + 8 + 4 + 4 + 4 + 4 + 4;
    static final int HEADER_BYTES = 1 + 4 + 4;

    private static final int VERSION = 1;
    private static final int OWNER = 4;
    private static final int FLAGS = OWNER + 8;
    private static final int PRIORITY = FLAGS + 1;
    private static final int DEADLINE = PRIORITY + 1;
    private static final int BODY_LENGTH = DEADLINE + 8;
    private static final int DATA_LENGTH = BODY_LENGTH + 4;
    private static final int PAYLOAD_OFFSET = DATA_LENGTH + 4;
    private static final int PAYLOAD_LENGTH = PAYLOAD_OFFSET + 4;
    private static final int CHECKSUM = PAYLOAD_LENGTH + 4;

    private final long segment;
    private final byte[] array;
    private final ByteBuffer bytes;
    private final int count;

    private SegmentEntries(long segment, byte[] array, int count) {
        this.segment = segment;
        this.array = array;
        this.bytes = ByteBuffer.wrap(array);
        this.count = count;
    }

    /** Writes the messages that a batch still has into a payload, one after another, and what they are into entries. */
    static SegmentEntries encode(JournalBatch batch, byte[] payload) {
        SegmentEntries entries = allocate(batch.segment, batch.live());
        ByteBuffer to = ByteBuffer.wrap(payload);
        int index = 0;
        for (int slot = 0; slot < batch.entries(); slot++) {
            Message message = batch.message(slot);
            if (message == null) {
                continue;
            }
            int at = HEADER_BYTES + index++ * ENTRY_BYTES;
            int offset = to.position();
            MessageRecord.write(message, to);
            int length = to.position() - offset;
            entries.bytes
                    .position(at)
                    .putInt(slot)
                    .putLong(batch.owner(slot))
                    .put((byte) batch.flags(slot))
                    .put((byte) message.priority())
                    .putLong(message.deadlineMillis())
                    .putInt(message.bodyLength())
                    .putInt(message.data().length)
                    .putInt(offset)
                    .putInt(length)
                    .putInt(Crc.of(payload, offset, length));
        }
        Crc.seal(entries.array);
        return entries;
    }

    /** Room for so many, to be filled by {@link #copy} and sealed. */
    static SegmentEntries allocate(long segment, int count) {
        byte[] array = new byte[HEADER_BYTES + count * ENTRY_BYTES];
        array[0] = VERSION;
        SegmentEntries entries = new SegmentEntries(segment, array, count);
        entries.bytes.putInt(1 + 4, count);
        return entries;
    }

    /**
     * Reads what was written.
     *
     * @return null if it is damaged
     */
    static @Nullable SegmentEntries decode(long segment, byte[] bytes) {
        if (bytes.length < HEADER_BYTES || !Crc.isSound(bytes, VERSION)) {
            return null;
        }
        int count = ByteBuffer.wrap(bytes).getInt(1 + 4);
        boolean fits = count >= 0 && bytes.length == HEADER_BYTES + (long) count * ENTRY_BYTES;
        return fits ? new SegmentEntries(segment, bytes, count) : null;
    }

    /** Takes over an entry of another segment, whose message is elsewhere in the payload now. */
    void copy(int index, SegmentEntries from, int other, int payloadOffset) {
        int at = at(index);
        System.arraycopy(from.array, at(other), array, at, ENTRY_BYTES);
        bytes.putInt(at, (int) (from.place(other) - Place.of(segment, 0)));
        bytes.putInt(at + PAYLOAD_OFFSET, payloadOffset);
    }

    void seal() {
        Crc.seal(array);
    }

    byte[] toBytes() {
        return array;
    }

    long segment() {
        return segment;
    }

    int count() {
        return count;
    }

    long place(int index) {
        return Place.of(segment, 0) + key(index);
    }

    /** How much the place of an entry is behind the first one of the segment; ascends. */
    int key(int index) {
        return bytes.getInt(at(index));
    }

    /** Which entry has a place; negative if none has. */
    int indexOf(long place) {
        long wanted = place - Place.of(segment, 0);
        if (wanted >= 0 && wanted < count && key((int) wanted) == wanted) {
            return (int) wanted;
        }
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int key = key(middle);
            if (key == wanted) {
                return middle;
            }
            if (key < wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    long owner(int index) {
        return bytes.getLong(at(index) + OWNER);
    }

    boolean isLasting(int index) {
        return (bytes.get(at(index) + FLAGS) & LASTING) != 0;
    }

    int priority(int index) {
        return bytes.get(at(index) + PRIORITY) & 0xFF;
    }

    long deadlineMillis(int index) {
        return bytes.getLong(at(index) + DEADLINE);
    }

    int bodyLength(int index) {
        return bytes.getInt(at(index) + BODY_LENGTH);
    }

    /** What the message takes in memory, see {@link Message#memoryBytes()}. */
    int memoryBytes(int index) {
        return Message.memoryBytes(bytes.getInt(at(index) + DATA_LENGTH));
    }

    int payloadOffset(int index) {
        return bytes.getInt(at(index) + PAYLOAD_OFFSET);
    }

    int payloadLength(int index) {
        return bytes.getInt(at(index) + PAYLOAD_LENGTH);
    }

    /** Whether the payload has the message of an entry as it was written. */
    boolean isSound(int index, byte[] payload) {
        int offset = payloadOffset(index);
        int length = payloadLength(index);
        return offset >= 0
                && length >= 0
                && offset <= payload.length - length
                && Crc.of(payload, offset, length) == bytes.getInt(at(index) + CHECKSUM);
    }

    /**
     * The message of an entry as the queue had it.
     *
     * @return null if it is damaged
     */
    @Nullable Message message(int index, byte[] payload) {
        if (!isSound(index, payload)) {
            return null;
        }
        return MessageRecord.read(ByteBuffer.wrap(payload, payloadOffset(index), payloadLength(index)))
                .inQueue(deadlineMillis(index), place(index));
    }

    private static int at(int index) {
        return HEADER_BYTES + index * ENTRY_BYTES;
    }
}
