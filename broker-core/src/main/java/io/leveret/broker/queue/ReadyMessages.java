package io.leveret.broker.queue;

import io.leveret.broker.journal.BlockRead;
import io.leveret.broker.journal.Pageable.Pressure;
import io.leveret.broker.message.Message;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out list in chunks: it grows without copying what it holds and shrinks as it is emptied. Costs 4 bytes a
 * message beside the message itself. Chunks that nobody needs soon can be paged out; the first ones come back in time when
 * messages are taken, unless the disk is too slow. Owned by the queue's loop.
 */
final class ReadyMessages {
    static final int FIRST_CHUNK = 8;

    /** How many chunks behind the first come back while it is emptied. */
    static final int READ_AHEAD = 3;

    private static final int FIRST_CHUNK_BYTES = 16 * 1024;
    private static final int IDLE_WINDOW = 2;
    private static final int WORTH_SEALING = 64;

    private static final Message[] FULL = {};

    /** Null when everything stays in memory. */
    private final @Nullable QueuePaging paging;

    private Chunk head;
    private int headAt;
    private Chunk tail;
    /** Those of the last chunk, {@link #FULL} if nothing can be added to that. */
    private Message[] tailMessages;

    private int tailAt;
    private int tailBytes;
    private int tailMost;
    private int size;
    /** All between what is needed soon and this one are paged out. */
    private @Nullable Chunk pageFrom;

    private long takenBefore;

    ReadyMessages(@Nullable QueuePaging paging) {
        this.paging = paging;
        this.head = new Chunk(0, FIRST_CHUNK);
        this.tail = head;
        this.tailMessages = open(head);
        this.tailMost = FIRST_CHUNK_BYTES;
    }

    private static Message[] open(Chunk chunk) {
        return chunk.messages == null ? FULL : chunk.messages;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Message message) {
        if (tailAt == tailMessages.length || tailBytes >= tailMost) {
            addChunk();
        }
        tailMessages[tailAt++] = message;
        tailBytes += message.memoryBytes();
        size++;
    }

    private void addChunk() {
        endTail();
        append(new Chunk(tail.number + 1, Chunk.MESSAGES));
        tailMessages = open(tail);
        tailMost = Chunk.BYTES;
        if (paging != null) {
            paging.watch();
            if (paging.isUnderPressure()) {
                letGo(READ_AHEAD + 1);
            }
        }
    }

    /** Nothing is added to the last chunk any more. */
    private void endTail() {
        if (tailMessages != FULL) {
            tail.count = tailAt;
            tailMessages = FULL;
        }
        tailAt = 0;
        tailBytes = 0;
    }

    private void append(Chunk chunk) {
        tail.next = chunk;
        tail = chunk;
        if (size == 0) {
            head = chunk;
            headAt = 0;
        }
    }

    /** Adds a chunk that is paged out, behind all others. */
    void addPagedOut(Chunk chunk) {
        endTail();
        chunk.number = tail.number + 1;
        append(chunk);
        size += chunk.count;
        if (paging != null) {
            paging.watch();
            paging.pagedOut(0, (long) chunk.count * chunk.indexBytes());
        }
    }

    /** Where the journal has the oldest message; there must be one. */
    long place() {
        return head.place(headAt);
    }

    /** The oldest message, left where it is; null when empty, or when it is not in memory. */
    @Nullable Message peek() {
        Message[] messages = head.messages;
        return size == 0 || messages == null ? null : messages[headAt];
    }

    /** When the oldest message is over; there must be one. */
    long deadlineMillis() {
        return head.deadlineMillis(headAt);
    }

    /** The length of the oldest message's body; there must be one. */
    int bodyLength() {
        return head.bodyLength(headAt);
    }

    /** Takes the oldest message; there must be one. Null if it is not in memory: then it stays. */
    @SuppressWarnings("NullAway") // a slot that was given back holds nothing
    @Nullable Message remove() {
        Message[] messages = head.messages;
        if (messages == null) {
            return null;
        }
        Message message = messages[headAt];
        messages[headAt++] = null;
        if (--size == 0) {
            startOver();
        } else if (headAt == head.count) {
            advance();
            if (paging != null && paging.hasRoom()) {
                readAhead();
            }
        }
        return message;
    }

    /** Drops the oldest message, which is not in memory; returns its place. */
    long drop() {
        long place = head.places[headAt];
        if (paging != null) {
            paging.pagedIn(0, head.indexBytes());
        }
        headAt++;
        if (--size == 0) {
            startOver();
        } else if (headAt == head.count) {
            advance();
        }
        return place;
    }

    private void startOver() {
        headAt = 0;
        cancelRead(head);
        head = tail;
        pageFrom = null;
        if (tailMessages == FULL) {
            head = new Chunk(tail.number + 1, FIRST_CHUNK);
            tail = head;
            tailMessages = open(head);
            tailMost = FIRST_CHUNK_BYTES;
        }
        tailAt = 0;
        tailBytes = 0;
    }

    /** Nobody wants a chunk back any more. */
    private void cancelRead(Chunk chunk) {
        if (paging != null && chunk.reading != null) {
            chunk.reading.cancel();
            readingEnds(chunk, paging);
        }
    }

    private static void readingEnds(Chunk chunk, QueuePaging pages) {
        chunk.reading = null;
        pages.countReading(-chunk.readingBytes);
    }

    /** Goes on to the next chunk that has a message; there must be one. */
    private void advance() {
        do {
            cancelRead(head);
            Chunk next = head.next;
            if (next == null) {
                throw new IllegalStateException("no chunk left");
            }
            head = next;
        } while (head.count == 0);
        headAt = 0;
    }

    /** Has the first chunk read back, unless it is there or on its way. */
    void readHead() {
        readAhead(0);
    }

    /** Has the first chunk and those behind it read back, unless they are there or on their way. */
    void readAhead() {
        readAhead(READ_AHEAD);
    }

    private void readAhead(int ahead) {
        QueuePaging pages = paging;
        Chunk chunk = head;
        for (int i = 0; pages != null && chunk != null && i <= ahead; i++) {
            if (!chunk.isResident() && chunk.reading == null && chunk.count > 0) {
                Chunk wanted = chunk;
                int from = chunk == head ? headAt : 0;
                chunk.reading = pages.read(chunk.places, from, chunk.count, read -> onRead(wanted, read));
                chunk.readingBytes = chunk.memoryBytes(from);
                pages.countReading(chunk.readingBytes);
            }
            chunk = chunk.next;
        }
    }

    /** A chunk is back, unless nobody waits for it any more. */
    private void onRead(Chunk chunk, BlockRead read) {
        QueuePaging pages = paging;
        if (pages == null) {
            return;
        }
        if (chunk.reading == read) {
            readingEnds(chunk, pages);
            takeIn(chunk, read, pages);
        }
        pages.arrived();
    }

    private void takeIn(Chunk chunk, BlockRead read, QueuePaging pages) {
        int from = chunk == head ? headAt : 0;
        Message[] messages = new Message[chunk.count - from];
        int kept = 0;
        long bytes = 0;
        for (int i = from; i < chunk.count; i++) {
            Message message = read.message(i);
            if (message == null) {
                pages.lost(chunk.places[i], chunk.bodyLengths[i]);
            } else {
                messages[kept++] = message;
                bytes += message.memoryBytes();
            }
        }
        pages.pagedIn(bytes, (long) messages.length * chunk.indexBytes());
        size -= messages.length - kept;
        chunk.pageIn(messages, kept);
        if (chunk == head) {
            headAt = 0;
            if (size == 0) {
                startOver();
            } else if (kept == 0) {
                advance();
            }
        }
    }

    /** Lets go of what is not needed soon. */
    void letGo(Pressure pressure) {
        long taken = head.number * Chunk.MESSAGES + headAt;
        boolean idle = taken == takenBefore;
        takenBefore = taken;
        if (pressure != Pressure.NONE && size > 0) {
            letGo(!idle ? READ_AHEAD + 1 : pressure == Pressure.MUCH ? 0 : IDLE_WINDOW);
        }
    }

    private void letGo(int window) {
        Chunk chunk = head;
        for (int i = 0; i <= READ_AHEAD && chunk != null; i++) {
            if (i >= window) {
                letGo(chunk, window);
            }
            chunk = chunk.next;
        }
        if (chunk != null && pageFrom != null && pageFrom.number > chunk.number) {
            chunk = pageFrom;
        }
        pageFrom = chunk;
        boolean unstored = false;
        for (; chunk != null && !(unstored && isWritingEnough()); chunk = chunk.next) {
            if (!letGo(chunk, window)) {
                unstored = true;
            } else if (!unstored) {
                pageFrom = chunk.next;
            }
        }
    }

    private boolean isWritingEnough() {
        return paging == null || paging.isWritingEnough();
    }

    /** Returns whether the chunk is not in memory, now or already. */
    private boolean letGo(Chunk chunk, int window) {
        Message[] messages = chunk.messages;
        QueuePaging pages = paging;
        if (messages == null) {
            return true;
        }
        boolean filling = chunk == tail && tailMessages != FULL;
        int from = chunk == head ? headAt : 0;
        int to = filling ? tailAt : chunk.count;
        if (pages == null || (filling && (window > 0 || !isWorthSealing(to - from)))) {
            return false;
        }
        boolean stored = true;
        for (int i = to - 1; i >= from && stored; i--) {
            stored = pages.isStored(messages[i].place());
        }
        if (!stored) {
            if (!chunk.isWritten && !pages.isWritingEnough()) {
                for (int i = from; i < to; i++) {
                    messages[i] = pages.written(messages[i]);
                }
                chunk.isWritten = !filling;
            }
            return false;
        }
        if (filling) {
            endTail();
        }
        long bytes = chunk.pageOut(from, to);
        pages.pagedOut(bytes, (long) chunk.count * chunk.indexBytes());
        if (chunk == head) {
            headAt = 0;
        }
        return true;
    }

    private boolean isWorthSealing(int messages) {
        return messages >= WORTH_SEALING || tailBytes >= FIRST_CHUNK_BYTES;
    }

    /** Shows where the journal has all messages. */
    void forEachPlace(LongConsumer visitor) {
        int left = size;
        int at = headAt;
        for (Chunk chunk = head; chunk != null && left > 0; chunk = chunk.next) {
            int end = chunk == tail && tailMessages != FULL ? tailAt : chunk.count;
            for (; at < end; at++) {
                visitor.accept(chunk.place(at));
                left--;
            }
            at = 0;
        }
    }

    /**
     * Shows all messages, the oldest first.
     *
     * @param redeliveredUpTo the greatest place that has been handed out before
     */
    void browse(Browse browse, long redeliveredUpTo) {
        int left = size;
        int at = headAt;
        for (Chunk chunk = head; chunk != null && left > 0; chunk = chunk.next) {
            int end = chunk == tail && tailMessages != FULL ? tailAt : chunk.count;
            Message[] messages = chunk.messages;
            if (messages == null) {
                browse.addPagedOut(chunk, at, redeliveredUpTo);
            } else {
                for (int i = at; i < end; i++) {
                    long place = messages[i].place();
                    browse.add(messages[i], place != Message.NOWHERE && place <= redeliveredUpTo);
                }
            }
            left -= end - at;
            at = 0;
        }
    }

    void clear() {
        for (Chunk chunk = head; chunk != null; chunk = chunk.next) {
            cancelRead(chunk);
        }
        head = new Chunk(tail.number + 1, FIRST_CHUNK);
        tail = head;
        tailMessages = open(head);
        tailMost = FIRST_CHUNK_BYTES;
        headAt = 0;
        tailAt = 0;
        tailBytes = 0;
        size = 0;
        pageFrom = null;
    }
}
