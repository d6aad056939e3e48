package io.leveret.broker.queue;

import io.leveret.broker.journal.LoopJournal;
import io.leveret.broker.journal.Pageable.Pressure;
import io.leveret.broker.journal.RecoveredEntries;
import io.leveret.broker.limit.HeldBytes;
import io.leveret.broker.message.Message;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is ready in a queue and how much that is: the highest priority first, within a priority first in first out. Owned by
 * the queue's loop.
 *
 * <p>A queue without priorities has one level, which is always the top one; the others find their top level by a bit set.
 */
final class Backlog {
    private final @Nullable QueuePaging paging;
    private final @Nullable Levels levels;
    private Level top;
    private int size;
    private long bodyBytes;
    private long memoryBytes;
    private boolean mayExpire;
    private boolean lost;

    /**
     * One that stays in memory.
     *
     * @param maxPriority the highest priority that is told from others, to 255; 0 or less for none
     */
    Backlog(int maxPriority) {
        paging = null;
        levels = maxPriority <= 0 ? null : new Levels(maxPriority, null);
        top = levels == null ? new Level(null) : levels.of(0);
    }

    /**
     * One that need not stay in memory.
     *
     * @param maxPriority the highest priority that is told from others, to 255; 0 or less for none
     * @param held where it counts what it takes when that changes without anybody's asking
     * @param whenRead called when something was read back
     */
    Backlog(int maxPriority, QueueRef queue, LoopJournal journal, HeldBytes held, Runnable whenRead) {
        paging = new QueuePaging(this, queue, journal, held, whenRead);
        levels = maxPriority <= 0 ? null : new Levels(maxPriority, paging);
        top = levels == null ? new Level(paging) : levels.of(0);
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

    /** What the messages take that are in memory. */
    long memoryBytes() {
        return memoryBytes;
    }

    /** Whether there may be messages with a deadline; false when there are none for sure. */
    boolean mayExpire() {
        return mayExpire;
    }

    /** Adds a new message behind those of its priority. */
    void add(Message message) {
        level(message.priority()).add(message);
        count(message);
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
        level(message.priority()).giveBack(message, position);
        count(message);
    }

    /** The position for a message that is handed straight on because nothing waits. */
    long passingPosition(Message message) {
        return levels == null
                ? top.passingPosition()
                : levels.of(message.priority()).passingPosition();
    }

    /** Adds what was there when the broker stopped; it stays on disk. */
    void addRecovered(RecoveredEntries entries) {
        Map<Integer, RecoveredChunk> chunks = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            int priority = levels == null ? 0 : levels.capped(entries.priority(i));
            RecoveredChunk chunk = chunks.computeIfAbsent(priority, any -> new RecoveredChunk());
            chunk.add(entries, i);
            bodyBytes += entries.bodyLength(i);
            mayExpire |= entries.deadlineMillis(i) != Message.NEVER;
            if (chunk.isFull()) {
                level(priority).addPagedOut(chunk.take());
            }
        }
        chunks.forEach((priority, chunk) -> {
            Level level = level(priority);
            level.redeliveredUpTo(Math.min(chunk.lastPlace(), entries.redeliveredUpTo(priority)));
            if (!chunk.isEmpty()) {
                level.addPagedOut(chunk.take());
            }
        });
        size += entries.size();
    }

    /** The message whose turn it is, left where it is; null when empty, or when it is not in memory. */
    @Nullable Message peek() {
        return top.peek();
    }

    /** The position of the message whose turn it is; there must be one. */
    long position() {
        return top.position();
    }

    /** When the message whose turn it is is over; there must be one. */
    long deadlineMillis() {
        return top.deadlineMillis();
    }

    /** Takes the message whose turn it is; there must be one. Null if it is not in memory: then it stays. */
    @Nullable Message remove() {
        Message message = top.remove();
        if (message != null) {
            memoryBytes -= message.memoryBytes();
            removed(message.bodyLength());
        }
        return message;
    }

    /** Drops the message whose turn it is, which is not in memory; returns its place. */
    long drop() {
        int bodyLength = top.bodyLength();
        long place = top.drop();
        removed(bodyLength);
        return place;
    }

    private void removed(int bodyLength) {
        bodyBytes -= bodyLength;
        if (--size == 0) {
            mayExpire = false;
        }
        if (levels != null && top.isEmpty()) {
            top = levels.emptied();
        }
    }

    /**
     * Has the message whose turn it is read back, which is not in memory.
     *
     * @param settledSoon false if it is wanted only to wait for an acknowledgement: then it comes when there is plenty of room
     */
    void readAhead(boolean settledSoon) {
        if (paging == null) {
            return;
        }
        if (paging.hasRoom()) {
            top.readAhead();
        } else if (!settledSoon) {
            paging.waitForRoom();
        } else if (paging.hasRoomForOne()) {
            top.readHead();
        } else {
            paging.waitForOne();
        }
    }

    /** Lets go of what is on disk and not needed soon. */
    void letGo(Pressure pressure) {
        if (levels == null) {
            top.letGo(pressure);
        } else {
            levels.forEach(level -> level.letGo(pressure));
        }
    }

    /** What messages take in memory has changed. */
    void countMemory(long change) {
        memoryBytes += change;
    }

    /** A message is gone that was on disk alone; its level knows. */
    void lose(int bodyLength) {
        size--;
        bodyBytes -= bodyLength;
        lost = true;
    }

    /** Messages are back; to be called before anything else is done. */
    void arrived() {
        if (!lost) {
            return;
        }
        lost = false;
        mayExpire &= size > 0;
        if (levels != null) {
            levels.recount();
            top = levels.top();
        }
    }

    /** Shows where the journal has each message, in no particular order. */
    void forEachPlace(LongConsumer visitor) {
        if (levels == null) {
            top.forEachPlace(visitor);
        } else {
            levels.forEach(level -> level.forEachPlace(visitor));
        }
    }

    /** Shows all messages in the order in which they would be taken. */
    CompletableFuture<List<BrowsedMessage>> browse() {
        Browse browse = new Browse(paging);
        if (levels == null) {
            top.browse(browse);
        } else {
            levels.browse(browse);
        }
        return browse.end();
    }

    void clear() {
        if (levels == null) {
            top.clear();
        } else {
            levels.clear();
            top = levels.top();
        }
        if (paging != null) {
            paging.clear();
        }
        size = 0;
        bodyBytes = 0;
        memoryBytes = 0;
        mayExpire = false;
    }

    private Level level(int priority) {
        if (levels == null) {
            return top;
        }
        Level level = levels.filled(priority);
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
        private final @Nullable QueuePaging paging;
        private int topPriority;

        Levels(int maxPriority, @Nullable QueuePaging paging) {
            this.paging = paging;
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
                level = new Level(paging);
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

        /** Finds out anew which levels are empty. */
        void recount() {
            Arrays.fill(filled, 0);
            topPriority = 0;
            for (int priority = 0; priority < byPriority.length; priority++) {
                Level level = byPriority[priority];
                if (level != null && !level.isEmpty()) {
                    filled(priority);
                }
            }
        }

        void browse(Browse browse) {
            for (int priority = byPriority.length - 1; priority >= 0; priority--) {
                Level level = byPriority[priority];
                if (level != null) {
                    level.browse(browse);
                }
            }
        }

        void forEach(Consumer<Level> visitor) {
            for (Level level : byPriority) {
                if (level != null) {
                    visitor.accept(level);
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
