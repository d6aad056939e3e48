package io.leveret.broker.queue;

import io.leveret.broker.journal.RecoveredEntries;
import io.leveret.broker.message.Message;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is ready in a queue and how much that is: the highest priority first, within a priority first in first out. Owned by
 * the queue's loop.
 *
 * <p>A queue without priorities has one level, which is always the top one; the others find their top level by a bit set.
 */
final class Backlog {
    private final @Nullable Levels levels;
    private Level top;
    private int size;
    private long bodyBytes;
    private long memoryBytes;
    private boolean mayExpire;

    private Backlog(@Nullable Levels levels) {
        this.levels = levels;
        this.top = levels == null ? new Level() : levels.of(0);
    }

    /** @param maxPriority the highest priority that is told from others, to 255; 0 or less for none */
    static Backlog of(int maxPriority) {
        return new Backlog(maxPriority <= 0 ? null : new Levels(maxPriority));
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The bytes that the bodies have together. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** What all of it takes in memory. */
    long memoryBytes() {
        return memoryBytes;
    }

    /** Whether there may be messages with a deadline; false when there are none for sure. */
    boolean mayExpire() {
        return mayExpire;
    }

    /** Adds a new message behind those of its priority. */
    void add(Message message) {
        level(message).add(message);
        count(message);
    }

    /** Adds what was there when the broker stopped, in the order of its places; before anything else. */
    void addRecovered(RecoveredEntries entries) {
        for (Message message : entries.messages()) {
            int level = levelOf(message);
            level(message).addRecovered(message, entries.redeliveredUpTo(level));
            count(message);
        }
    }

    /** The number of the level that a message belongs to, 0 if there is but one. */
    private int levelOf(Message message) {
        return levels == null ? 0 : levels.capped(message.priority());
    }

    /** Takes how far the levels have handed out. */
    interface HandedOut {
        /** @param place see {@link Level#handedOutUpTo} */
        void upTo(int level, long place);
    }

    /**
     * Shows how far each level has handed out.
     *
     * @param allIsBack whether nothing is with a client
     */
    void showHandedOut(boolean allIsBack, HandedOut to) {
        if (levels == null) {
            to.upTo(0, top.handedOutUpTo(allIsBack));
        } else {
            levels.showHandedOut(allIsBack, to);
        }
    }

    /** Puts a message back in its old place. */
    void giveBack(Message message, long position) {
        level(message).giveBack(message, position);
        count(message);
    }

    /** The position for a message that is handed straight on because nothing waits. */
    long passingPosition(Message message) {
        return levels == null
                ? top.passingPosition()
                : levels.of(message.priority()).passingPosition();
    }

    /** The message whose turn it is, left where it is; null when empty. */
    @Nullable Message peek() {
        return top.peek();
    }

    /** The position of the message whose turn it is; there must be one. */
    long position() {
        return top.position();
    }

    /** Takes the message whose turn it is; there must be one. */
    Message remove() {
        Level from = top;
        Message message = from.remove();
        bodyBytes -= message.bodyLength();
        memoryBytes -= message.memoryBytes();
        if (--size == 0) {
            mayExpire = false;
        }
        if (levels != null && from.isEmpty()) {
            top = levels.emptied();
        }
        return message;
    }

    /** Shows all messages, in no particular order. */
    void forEach(Consumer<Message> visitor) {
        if (levels == null) {
            top.forEach(visitor);
        } else {
            levels.forEach(visitor);
        }
    }

    void clear() {
        if (levels == null) {
            top.clear();
        } else {
            levels.clear();
            top = levels.top();
        }
        size = 0;
        bodyBytes = 0;
        memoryBytes = 0;
        mayExpire = false;
    }

    private Level level(Message message) {
        if (levels == null) {
            return top;
        }
        Level level = levels.filled(message.priority());
        top = levels.top();
        return level;
    }

    private void count(Message message) {
        size++;
        bodyBytes += message.bodyLength();
        memoryBytes += message.memoryBytes();
        if (message.deadlineMillis() != Message.NEVER) {
            mayExpire = true;
        }
    }

    /** A level for each priority, made when first used. */
    private static final class Levels {
        private final @Nullable Level[] byPriority;
        private final long[] filled;
        private int topPriority;

        Levels(int maxPriority) {
            byPriority = new Level[maxPriority + 1];
            filled = new long[(maxPriority >> 6) + 1];
        }

        int capped(int priority) {
            return Math.min(priority, byPriority.length - 1);
        }

        void showHandedOut(boolean allIsBack, HandedOut to) {
            for (int priority = 0; priority < byPriority.length; priority++) {
                Level level = byPriority[priority];
                if (level != null) {
                    to.upTo(priority, level.handedOutUpTo(allIsBack));
                }
            }
        }

        Level of(int priority) {
            int capped = capped(priority);
            Level level = byPriority[capped];
            if (level == null) {
                level = new Level();
                byPriority[capped] = level;
            }
            return level;
        }

        Level top() {
            return of(topPriority);
        }

        /** The level of a message that is about to be added. */
        Level filled(int priority) {
            int capped = capped(priority);
            filled[capped >> 6] |= 1L << capped;
            if (capped > topPriority) {
                topPriority = capped;
            }
            return of(capped);
        }

        /** The top level after the one that was it has become empty. */
        Level emptied() {
            int word = topPriority >> 6;
            filled[word] &= ~(1L << topPriority);
            while (word > 0 && filled[word] == 0) {
                word--;
            }
            topPriority = filled[word] == 0 ? 0 : (word << 6) + 63 - Long.numberOfLeadingZeros(filled[word]);
            return top();
        }

        void forEach(Consumer<Message> visitor) {
            for (Level level : byPriority) {
                if (level != null) {
                    level.forEach(visitor);
                }
            }
        }

        void clear() {
            for (Level level : byPriority) {
                if (level != null) {
                    level.clear();
                }
            }
            Arrays.fill(filled, 0);
            topPriority = 0;
        }
    }
}
