package io.leveret.broker.queue;

import io.leveret.broker.journal.BlockRead;
import io.leveret.broker.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is ready at one moment, in the order of the visit. What is on disk alone is read for this once and does not
 * come back into the queue's memory. Used on the queue's loop.
 */
final class Browse {
    private final @Nullable QueuePaging paging;
    private final List<@Nullable BrowsedMessage> found = new ArrayList<>();
    private final CompletableFuture<List<BrowsedMessage>> result = new CompletableFuture<>();
    private int reads = 1;

    /** @param paging null when everything is in memory */
    Browse(@Nullable QueuePaging paging) {
        this.paging = paging;
    }

    void add(Message message, boolean redelivered) {
        found.add(new BrowsedMessage(message, redelivered));
    }

    /**
     * Adds the messages of a chunk that is paged out.
     *
     * @param redeliveredUpTo the greatest place that has been handed out before
     */
    void addPagedOut(Chunk chunk, int from, long redeliveredUpTo) {
        QueuePaging pages = paging;
        if (pages == null || from == chunk.count) {
            return;
        }
        int first = found.size();
        for (int i = from; i < chunk.count; i++) {
            found.add(null);
        }
        reads++;
        long[] places = chunk.places;
        pages.read(places, from, chunk.count, read -> onRead(read, places, from, first, redeliveredUpTo));
    }

    private void onRead(BlockRead read, long[] places, int from, int first, long redeliveredUpTo) {
        for (int i = from; i < places.length; i++) {
            Message message = read.message(i);
            if (message != null) {
                found.set(first + i - from, new BrowsedMessage(message, places[i] <= redeliveredUpTo));
            }
        }
        end();
    }

    /** Nothing more is added; what has gone from the disk meanwhile is left out. */
    CompletableFuture<List<BrowsedMessage>> end() {
        if (--reads == 0) {
            result.complete(found.stream().filter(Objects::nonNull).toList());
        }
        return result;
    }
}
