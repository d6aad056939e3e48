package io.leveret.broker.journal;

import io.leveret.broker.message.Message;
import io.leveret.broker.message.MessageRecord;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries and settlements of one loop that will be one segment. Owned by the loop until it is handed over, then by the
 * journal's thread until it is committed, then by the loop again; only the listeners are the loop's all the time.
 */
final class JournalBatch implements Runnable {
    private static final int INITIAL = 64;
    private static final int MOST_ENTRIES = 8192;
    private static final int MOST_SETTLEMENTS = 32_768;

    /** About what an entry takes beside its message. */
    private static final int ENTRY_OVERHEAD = 128;

    final LoopJournal loop;
    long segment;
    private long[] owners = new long[INITIAL];
    private byte[] flags = new byte[INITIAL];
    private @Nullable Message[] messages = new Message[INITIAL];
    private @Nullable EnqueueListener[] listeners = new EnqueueListener[INITIAL];
    private long[] tags = new long[INITIAL];
    private long[] settled = new long[INITIAL];
    private int entries;
    private int settlements;
    private int live;
    private long bytes;
    /** What it weighed when it was asked to keep that. */
    private long weight;

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
        live++;
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
        if (drop(slot)) {
            tell(slot, true);
        }
    }

    /** Takes back an entry; who waits for it hears later. Returns whether it was still there. */
    boolean drop(int slot) {
        Message message = slot < entries ? messages[slot] : null;
        if (message == null) {
            return false;
        }
        messages[slot] = null;
        bytes -= MessageRecord.length(message);
        live--;
        return true;
    }

    /** Notes that an entry of an earlier segment is over. */
    void settle(long place) {
        if (settlements == settled.length) {
            settled = Arrays.copyOf(settled, settlements * 2);
        }
        settled[settlements++] = place;
    }

    /** Keeps only the settlements that are shown to be needed. */
    void retainSettlements(LongPredicate needed) {
        int kept = 0;
        for (int i = 0; i < settlements; i++) {
            if (needed.test(settled[i])) {
                settled[kept++] = settled[i];
            }
        }
        settlements = kept;
    }

    /** Who waits for an entry hears that all is well, if there still is somebody. On the loop. */
    void confirm(int slot) {
        tell(slot, true);
    }

    /** Tells everybody who waits for an entry and has not heard yet. On the loop. */
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
        return live == 0 && settlements == 0;
    }

    /** About what it takes in memory until it is committed. */
    long weight() {
        return bytes + (long) entries * ENTRY_OVERHEAD + (long) settlements * Long.BYTES;
    }

    /** Fixes the weight as it is now. */
    long weigh() {
        weight = weight();
        return weight;
    }

    long weighed() {
        return weight;
    }

    /** The bytes of the messages that are to be written. */
    long bytes() {
        return bytes;
    }

    /** How many slots were given. */
    int entries() {
        return entries;
    }

    /** How many of them are to be written. */
    int live() {
        return live;
    }

    long owner(int slot) {
        return owners[slot];
    }

    int flags(int slot) {
        return flags[slot];
    }

    /** Null when it was taken back. */
    @Nullable Message message(int slot) {
        return messages[slot];
    }

    int settlements() {
        return settlements;
    }

    long settlement(int index) {
        return settled[index];
    }

    /** The one among some that has an id; null if none has. */
    static @Nullable JournalBatch find(List<JournalBatch> batches, long segment) {
        for (int i = batches.size() - 1; i >= 0; i--) {
            if (batches.get(i).segment == segment) {
                return batches.get(i);
            }
        }
        return null;
    }

    byte[] encodedSettlements() {
        return SegmentSettlements.encode(settled, settlements);
    }

    /** Makes it a new one, in which everybody has been told. */
    void reset(long newSegment) {
        Arrays.fill(messages, 0, entries, null);
        segment = newSegment;
        entries = 0;
        settlements = 0;
        live = 0;
        bytes = 0;
    }

    /** It is on disk. */
    @Override
    public void run() {
        loop.onCommitted(this);
    }
}
