package io.leveret.broker.queue;

import io.leveret.broker.consumer.Position;
import io.leveret.broker.message.Message;
import java.util.PriorityQueue;

/**
 * Messages that were handed out and came back, in the order they were published. All of them are older than whatever was
 * never handed out, because a queue gives its messages out from the front. Owned by the queue's loop.
 */
final class ReturnedMessages {
    private final PriorityQueue<Returned> heap = new PriorityQueue<>();

    /**
     * @param position the old place, with the mark that says whether it is a redelivery
     */
    record Returned(Message message, long position) implements Comparable<Returned> {
        @Override
        public int compareTo(Returned other) {
            return Long.compare(Position.place(position), Position.place(other.position));
        }
    }

    int size() {
        return heap.size();
    }

    boolean isEmpty() {
        return heap.isEmpty();
    }

    void add(Message message, long position) {
        heap.add(new Returned(message, position));
    }

    /** The oldest, left where it is; there must be one. */
    Returned peek() {
        return heap.element();
    }

    Returned remove() {
        return heap.remove();
    }

    void clear() {
        heap.clear();
    }
}
