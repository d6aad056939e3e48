package io.leveret.broker.journal;

import io.leveret.broker.message.Message;
import io.leveret.broker.message.MessageRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Entries and settlements of one loop that will be one segment. Owned by the loop until it is handed over, then by the
 * journal's thread until it is committed, then by the loop again.
 */
final class JournalBatch {
    private static final int INITIAL = 64;
    private static final int MOST_ENTRIES = 8192;
    private static final int MOST_SETTLEMENTS = 32_768;

    final LoopJournal loop;
    final long segment;
    private long[] owners = new long[INITIAL];
    private byte[] flags = new byte[INITIAL];
    private @Nullable Message[] messages = new Message[INITIAL];
    private @Nullable EnqueueListener[] listeners = new EnqueueListener[INITIAL];
    private long[] tags = new long[INITIAL];
    private long[] settled = new long[INITIAL];
    private int entries;
    private int settlements;
    private int cancelled;
    private long bytes;

    JournalBatch(LoopJournal loop, long segment) {
        this.loop = loop;
        this.segment = segment;
    }

    /** Adds an entry; returns it as the queue is to have it. */
    Message add(
            long owner, Message message, long deadlineMillis, int flag, @Nullable EnqueueListener listener, long tag) {
        if (entries == owners.length) {
            grow();
        }
        int slot = entries++;
        Message queued = message.inQueue(deadlineMillis, Place.of(segment, slot));
        owners[slot] = owner;
        flags[slot] = (byte) flag;
        messages[slot] = queued;
        listeners[slot] = listener;
        tags[slot] = tag;
        bytes += MessageRecord.length(message);
        return queued;
    }

    private void grow() {
        int wider = entries * 2;
        owners = Arrays.copyOf(owners, wider);
        flags = Arrays.copyOf(flags, wider);
        messages = Arrays.copyOf(messages, wider);
        listeners = Arrays.copyOf(listeners, wider);
        tags = Arrays.copyOf(tags, wider);
    }

    /** Takes back an entry of this batch, which need not be written any more; who waits for it hears that all is well. */
    void cancel(int slot) {
        Message message = messages[slot];
        if (message == null) {
            return;
        }
        messages[slot] = null;
        bytes -= MessageRecord.length(message);
        cancelled++;
        tell(slot, true);
    }

    /** Notes that an entry of an earlier segment is over. */
    void settle(long place) {
        if (settlements == settled.length) {
            settled = Arrays.copyOf(settled, settlements * 2);
        }
        settled[settlements++] = place;
    }

    /** Tells everybody who waits for an entry. */
    void tellAll(boolean accepted) {
        for (int slot = 0; slot < entries; slot++) {
            tell(slot, accepted);
        }
    }

    private void tell(int slot, boolean accepted) {
        EnqueueListener listener = listeners[slot];
        if (listener != null) {
            listeners[slot] = null;
            listener.onEnqueued(tags[slot], accepted);
        }
    }

    boolean isFull() {
        return bytes >= JournalSegment.PAYLOAD_BYTES || entries >= MOST_ENTRIES || settlements >= MOST_SETTLEMENTS;
    }

    /** Whether nothing of it need be written. */
    boolean isVoid() {
        return cancelled == entries && settlements == 0;
    }

    /** The bytes of the messages that are to be written. */
    long bytes() {
        return bytes;
    }

    int entries() {
        return entries;
    }

    long owner(int slot) {
        return owners[slot];
    }

    int flags(int slot) {
        return flags[slot];
    }

    /** Null when it was cancelled. */
    @Nullable Message message(int slot) {
        return messages[slot];
    }

    int settlements() {
        return settlements;
    }

    long settlement(int index) {
        return settled[index];
    }
}
