package io.leveret.broker.journal;

import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an owner had when the broker stopped, by ascending places, packed to about 16 bytes each. Owned by whoever took it
 * from the {@link Journal}.
 */
public final class RecoveredEntries {
    private static final int INITIAL = 8;
    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final List<Chunk> chunks = new ArrayList<>();
    private final @Nullable HandedOut handedOut;
    private final long owner;
    private int size;
    private List<Message> messages = List.of();

    /** Nothing at all. */
    public RecoveredEntries() {
        this(OwnerIds.NONE, null);
    }

    /** @param handedOut null when nobody knows what had been handed out */
    RecoveredEntries(long owner, @Nullable HandedOut handedOut) {
        this.owner = owner;
        this.handedOut = handedOut;
    }

    void add(long place, int bodyLength, int memoryBytes, int priority, long deadlineMillis) {
        if ((size & (CHUNK - 1)) == 0) {
            chunks.add(new Chunk());
        }
        chunks.get(size >> CHUNK_BITS)
                .add(size & (CHUNK - 1), place, bodyLength, memoryBytes, priority, deadlineMillis);
        size++;
    }

    public int size() {
        return size;
    }

    /** Where the journal has it. */
    public long place(int index) {
        return chunk(index).places[index & (CHUNK - 1)];
    }

    public int bodyLength(int index) {
        return chunk(index).bodyLengths[index & (CHUNK - 1)];
    }

    /** What it takes in memory when it is read, see {@link Message#memoryBytes()}. */
    public int memoryBytes(int index) {
        return chunk(index).memoryBytes[index & (CHUNK - 1)];
    }

    /** As published, 0 to 255. */
    public int priority(int index) {
        byte @Nullable [] priorities = chunk(index).priorities;
        return priorities == null ? 0 : priorities[index & (CHUNK - 1)] & 0xFF;
    }

    /** Until when it may stay, {@link Message#NEVER} for ever. */
    public long deadlineMillis(int index) {
        long @Nullable [] deadlines = chunk(index).deadlines;
        return deadlines == null ? Message.NEVER : deadlines[index & (CHUNK - 1)];
    }

    /**
     * The greatest place that had been handed out before the broker stopped: what is there of that priority up to it is
     * redelivered, what is behind it is not. After an unclean stop nobody knows, so everything counts as handed out, as in
     * RabbitMQ ({@code rabbit_queue_index}, {@code recover_message}).
     *
     * @param priority the level of the queue, 0 if it has but one, as it was said to {@link LoopJournal#delivered}
     */
    public long redeliveredUpTo(int priority) {
        return handedOut == null ? Long.MAX_VALUE : handedOut.upTo(owner, priority);
    }

    /** The messages themselves, with their places, if {@link Journal#readNow} has read them; nothing otherwise. */
    public List<Message> messages() {
        return messages;
    }

    void loaded(List<Message> read) {
        messages = read;
    }

    private Chunk chunk(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return chunks.get(index >> CHUNK_BITS);
    }

    /** Some entries in a row; the columns that are mostly empty are there only if they are not. */
    private static final class Chunk {
        private long[] places = new long[INITIAL];
        private int[] bodyLengths = new int[INITIAL];
        private int[] memoryBytes = new int[INITIAL];
        private byte @Nullable [] priorities;
        private long @Nullable [] deadlines;

        void add(int at, long place, int bodyLength, int memory, int priority, long deadlineMillis) {
            if (at == places.length) {
                grow(at * 4);
            }
            places[at] = place;
            bodyLengths[at] = bodyLength;
            memoryBytes[at] = memory;
            if (priorities == null && priority != 0) {
                priorities = new byte[places.length];
            }
            if (priorities != null) {
                priorities[at] = (byte) priority;
            }
            if (deadlines == null && deadlineMillis != Message.NEVER) {
                deadlines = new long[places.length];
                Arrays.fill(deadlines, Message.NEVER);
            }
            if (deadlines != null) {
                deadlines[at] = deadlineMillis;
            }
        }

        private void grow(int wanted) {
            int length = Math.min(wanted, CHUNK);
            places = Arrays.copyOf(places, length);
            bodyLengths = Arrays.copyOf(bodyLengths, length);
            memoryBytes = Arrays.copyOf(memoryBytes, length);
            if (priorities != null) {
                priorities = Arrays.copyOf(priorities, length);
            }
            if (deadlines != null) {
                deadlines = Arrays.copyOf(deadlines, length);
            }
        }
    }
}
