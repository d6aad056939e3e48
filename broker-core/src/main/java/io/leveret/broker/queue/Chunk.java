package io.leveret.broker.queue;

import io.leveret.broker.journal.BlockRead;
import io.leveret.broker.message.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A run of messages, in memory or only as places in the journal, where a message costs {@value #INDEX_BYTES} bytes, or
 * {@value #INDEX_BYTES_WITH_DEADLINE} if one of the run has a deadline. Owned by the queue's loop.
 */
final class Chunk {
    /** How many messages there are in one at most. */
    static final int MESSAGES = 512;

    /** How many bytes of messages make it complete. */
    static final int BYTES = 512 * 1024;

    static final int INDEX_BYTES = Long.BYTES + Integer.BYTES;
    static final int INDEX_BYTES_WITH_DEADLINE = INDEX_BYTES + Long.BYTES;

    private static final long[] NO_PLACES = {};
    private static final int[] NO_LENGTHS = {};

    /** Counts up along the list. */
    long number;

    /** Null while it is paged out. */
    Message @Nullable [] messages;

    /** How many there are, or were before the first ones were taken; of the one that is being filled the room. */
    int count;

    /** Whether all of it is in the journal, on disk or on its way. */
    boolean isWritten;

    long[] places = NO_PLACES;
    int[] bodyLengths = NO_LENGTHS;
    long @Nullable [] deadlines;
    /** While it is on its way back. */
    @Nullable BlockRead reading;

    /** What it counted for on its way back, in bytes. */
    long readingBytes;
    /** Null in the last one. */
    @Nullable Chunk next;

    /** One to be filled. */
    Chunk(long number, int room) {
        this.number = number;
        this.messages = new Message[room];
        this.count = room;
    }

    /** One of which only the places are known. */
    Chunk(long[] places, int[] bodyLengths, long @Nullable [] deadlines) {
        this.places = places;
        this.bodyLengths = bodyLengths;
        this.deadlines = deadlines;
        this.count = places.length;
    }

    boolean isResident() {
        return messages != null;
    }

    long deadlineMillis(int index) {
        Message[] resident = messages;
        if (resident != null) {
            return resident[index].deadlineMillis();
        }
        return deadlines == null ? Message.NEVER : deadlines[index];
    }

    long place(int index) {
        Message[] resident = messages;
        return resident != null ? resident[index].place() : places[index];
    }

    int bodyLength(int index) {
        Message[] resident = messages;
        return resident != null ? resident[index].bodyLength() : bodyLengths[index];
    }

    /** About what the messages from one on would take in memory, while it is paged out. */
    long memoryBytes(int from) {
        long bytes = 0;
        for (int i = from; i < count; i++) {
            bytes += Message.memoryBytes(bodyLengths[i]);
        }
        return bytes;
    }

    /** What a message that is paged out costs. */
    int indexBytes() {
        return deadlines == null ? INDEX_BYTES : INDEX_BYTES_WITH_DEADLINE;
    }

    /**
     * Replaces the messages by their places.
     *
     * @return what they took in memory
     */
    long pageOut(int from, int to) {
        Message[] resident = messages;
        if (resident == null) {
            return 0;
        }
        int length = to - from;
        long[] newPlaces = new long[length];
        int[] newLengths = new int[length];
        long[] newDeadlines = null;
        long bytes = 0;
        for (int i = 0; i < length; i++) {
            Message message = resident[from + i];
            newPlaces[i] = message.place();
            newLengths[i] = message.bodyLength();
            long deadline = message.deadlineMillis();
            if (deadline != Message.NEVER && newDeadlines == null) {
                newDeadlines = new long[length];
                Arrays.fill(newDeadlines, 0, i, Message.NEVER);
            }
            if (newDeadlines != null) {
                newDeadlines[i] = deadline;
            }
            bytes += message.memoryBytes();
        }
        messages = null;
        places = newPlaces;
        bodyLengths = newLengths;
        deadlines = newDeadlines;
        count = length;
        return bytes;
    }

    /** Puts messages in the place of their places. */
    void pageIn(Message[] read, int length) {
        messages = read;
        count = length;
        places = NO_PLACES;
        bodyLengths = NO_LENGTHS;
        deadlines = null;
    }
}
