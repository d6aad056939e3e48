package io.leveret.broker.queue;

import io.leveret.broker.journal.RecoveredEntries;
import io.leveret.broker.message.Message;
import java.util.Arrays;

/** Gathers what was there when the broker stopped for one chunk after the other. */
final class RecoveredChunk {
    private final long[] places = new long[Chunk.MESSAGES];
    private final int[] bodyLengths = new int[Chunk.MESSAGES];
    private final long[] deadlines = new long[Chunk.MESSAGES];
    private int count;
    private long bytes;
    private boolean hasDeadline;
    private long lastPlace = Message.NOWHERE;

    void add(RecoveredEntries entries, int index) {
        lastPlace = entries.place(index);
        places[count] = lastPlace;
        bodyLengths[count] = entries.bodyLength(index);
        deadlines[count] = entries.deadlineMillis(index);
        hasDeadline |= deadlines[count] != Message.NEVER;
        bytes += entries.memoryBytes(index);
        count++;
    }

    boolean isFull() {
        return count == Chunk.MESSAGES || bytes >= Chunk.BYTES;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The place of the last one that was added. */
    long lastPlace() {
        return lastPlace;
    }

    /** What gathered, paged out; begins anew. */
    Chunk take() {
        Chunk chunk = new Chunk(
                Arrays.copyOf(places, count),
                Arrays.copyOf(bodyLengths, count),
                hasDeadline ? Arrays.copyOf(deadlines, count) : null);
        count = 0;
        bytes = 0;
        hasDeadline = false;
        return chunk;
    }
}
