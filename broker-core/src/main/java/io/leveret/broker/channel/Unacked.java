package io.leveret.broker.channel;

import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.message.Message;
import io.leveret.broker.queue.QueueRef;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries a channel has outstanding, in the order of their tags. Owned by the channel's loop.
 *
 * <p>Parallel arrays used as a ring, so that a delivery costs no object. A delivery settled out of turn leaves a hole; holes
 * at the front are skipped, holes elsewhere are squeezed out before the ring is made larger. A large ring
 * of which little is used is made smaller.
 */
final class Unacked {
    private static final int INITIAL = 16;
    private static final int WORTH_SHRINKING = 16 * 1024;

    private long[] tags = new long[INITIAL];
    private long[] positions = new long[INITIAL];
    private @Nullable Message[] messages = new Message[INITIAL];
    private QueueRef[] queues = new QueueRef[INITIAL];
    private @Nullable Consumer[] consumers = new Consumer[INITIAL];
    private int head;
    private int span;
    private int live;

    /** Takes one delivery out of the list. */
    interface Visitor {
        void settle(long tag, QueueRef queue, @Nullable Consumer consumer, Message message, long position);
    }

    /** How many deliveries are outstanding. */
    int size() {
        return live;
    }

    boolean isEmpty() {
        return live == 0;
    }

    /** For how many deliveries there is room. */
    int capacity() {
        return tags.length;
    }

    /** Adds a delivery; its tag is higher than all before. */
    void add(long tag, QueueRef queue, @Nullable Consumer consumer, Message message, long position) {
        if (span == tags.length) {
            makeRoom();
        }
        int slot = slot(span++);
        tags[slot] = tag;
        queues[slot] = queue;
        consumers[slot] = consumer;
        messages[slot] = message;
        positions[slot] = position;
        live++;
    }

    /** Settles one delivery; returns false when there is none with that tag. */
    boolean settle(long tag, Visitor visitor) {
        int at = find(tag);
        if (at < 0 || messages[slot(at)] == null) {
            return false;
        }
        take(at, visitor);
        trim();
        return true;
    }

    /** Settles all up to a tag, oldest first; returns false, with nothing done, when that tag is not outstanding. */
    boolean settleUpTo(long tag, Visitor visitor) {
        int at = find(tag);
        if (at < 0 || messages[slot(at)] == null) {
            return false;
        }
        settleThrough(tag, visitor);
        return true;
    }

    /** Settles all, oldest first; what the visitor adds meanwhile stays. */
    void settleAll(Visitor visitor) {
        if (span > 0) {
            settleThrough(tags[slot(span - 1)], visitor);
        }
    }

    /** Marks every delivery as counted in the channel-wide window; returns how many were not. */
    int markWindowed() {
        int marked = 0;
        for (int i = 0; i < span; i++) {
            int slot = slot(i);
            if (messages[slot] != null && !Position.isWindowed(positions[slot])) {
                positions[slot] = Position.windowed(positions[slot]);
                marked++;
            }
        }
        return marked;
    }

    /**
     * Takes from the front one by one. Settling may make a queue of this loop hand out the next message at once, which
     * adds it here and may move everything, so no index outlives a visit.
     */
    private void settleThrough(long lastTag, Visitor visitor) {
        trim();
        while (span > 0 && tags[head] <= lastTag) {
            take(0, visitor);
            trim();
        }
    }

    private void take(int at, Visitor visitor) {
        int slot = slot(at);
        Message message = messages[slot];
        Consumer consumer = consumers[slot];
        messages[slot] = null;
        consumers[slot] = null;
        live--;
        if (message != null) {
            visitor.settle(tags[slot], queues[slot], consumer, message, positions[slot]);
        }
    }

    private void trim() {
        while (span > 0 && messages[head] == null) {
            head = (head + 1) & (tags.length - 1);
            span--;
        }
        if (tags.length > WORTH_SHRINKING && span < tags.length / 8) {
            move(tags.length / 4);
        }
    }

    /** The index of a tag, holes included; negative when it was never there or is gone. */
    private int find(long tag) {
        if (span > 0 && tags[head] == tag) {
            return 0;
        }
        int low = 0;
        int high = span - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long seen = tags[slot(middle)];
            if (seen < tag) {
                low = middle + 1;
            } else if (seen > tag) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    private int slot(int index) {
        return (head + index) & (tags.length - 1);
    }

    private void makeRoom() {
        move(live > span / 2 ? tags.length * 2 : tags.length);
    }

    private void move(int length) {
        long[] newTags = new long[length];
        long[] newPositions = new long[length];
        @Nullable Message[] newMessages = new Message[length];
        QueueRef[] newQueues = new QueueRef[length];
        @Nullable Consumer[] newConsumers = new Consumer[length];
        int kept = 0;
        for (int i = 0; i < span; i++) {
            int slot = slot(i);
            if (messages[slot] != null) {
                newTags[kept] = tags[slot];
                newPositions[kept] = positions[slot];
                newMessages[kept] = messages[slot];
                newQueues[kept] = queues[slot];
                newConsumers[kept] = consumers[slot];
                kept++;
            }
        }
        tags = newTags;
        positions = newPositions;
        messages = newMessages;
        queues = newQueues;
        consumers = newConsumers;
        head = 0;
        span = kept;
    }

    /** Puts deliveries back that a rolled back transaction had settled. */
    void restore(Unacked rolledBack) {
        if (rolledBack.isEmpty()) {
            return;
        }
        Unacked mine = new Unacked();
        settleAll(mine::add);
        Unacked[] sources = {mine, rolledBack};
        while (!mine.isEmpty() || !rolledBack.isEmpty()) {
            Unacked lower = mine.isEmpty() || (!rolledBack.isEmpty() && rolledBack.firstTag() < mine.firstTag())
                    ? sources[1]
                    : sources[0];
            lower.settle(lower.firstTag(), this::add);
        }
    }

    /** The lowest tag outstanding, 0 for none. */
    long firstTag() {
        return span == 0 ? 0 : tags[head];
    }

    @Override
    public String toString() {
        return "unacked " + Arrays.toString(Arrays.copyOf(tags, Math.min(span, 8)));
    }
}
