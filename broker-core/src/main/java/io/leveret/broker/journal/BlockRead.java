package io.leveret.broker.journal;

import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Some messages that are read back together. Made on a loop, filled by the thread that reads, then handed to whoever wanted
 * them on the loop again.
 */
public final class BlockRead implements Runnable {
    private final EventLoop loop;
    private final long[] places;
    private final int from;
    private final int to;
    private final Consumer<BlockRead> whenRead;
    private final @Nullable Message[] messages;
    private final Runnable handOver;
    private int next;
    private volatile boolean cancelled;

    /** @param places not to be changed any more; those of one segment side by side */
    BlockRead(EventLoop loop, long[] places, int from, int to, Consumer<BlockRead> whenRead) {
        this.loop = loop;
        this.places = places;
        this.from = from;
        this.to = to;
        this.whenRead = whenRead;
        this.messages = new Message[to - from];
        this.next = from;
        this.handOver = loop.expected(this);
    }

    /** Nobody wants the messages any more. They are handed over all the same, maybe without some of them. Any thread. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * What was read for a place.
     *
     * @param index of the place among those that were asked for
     * @return null if it is not there any more, or damaged
     */
    public @Nullable Message message(int index) {
        return messages[index - from];
    }

    /** Whether the thread that reads can leave the rest. */
    boolean isDone() {
        return cancelled || next == to;
    }

    /** The segment that is needed next; not when done. */
    long segment() {
        return Place.segment(places[next]);
    }

    /** The place that is needed next; not when done. */
    long place() {
        return places[next];
    }

    /** Takes everything that is needed next of a segment; null if there is none where it should be. */
    void take(@Nullable StoredSegment segment) {
        long id = segment();
        do {
            messages[next - from] = segment == null ? null : segment.find(places[next]);
            next++;
        } while (next < to && (segment == null ? segment() == id : segment.mayHave(places[next])));
    }

    void handOver() {
        loop.execute(handOver);
    }

    /** On the loop. */
    @Override
    public void run() {
        whenRead.accept(this);
    }
}
