package io.leveret.broker.queue;

import io.leveret.broker.consumer.Position;
import io.leveret.broker.message.Message;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Messages that were handed out and came back, in the order they were published. All of them are older than whatever was
 * never handed out, because a queue gives its messages out from the front. Owned by the queue's loop.
 */
final class ReturnedMessages {
    private static final int WORTH_DROPPING = 1024;

    private PriorityQueue<Returned> heap = new PriorityQueue<>();
    private int most;

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
        most = Math.max(most, heap.size());
    }

    /** The oldest, left where it is; there must be one. */
    Returned peek() {
        return heap.element();
    }

    Returned remove() {
        Returned first = heap.remove();
        if (heap.size() < most / 4 && most > WORTH_DROPPING) {
            shrink();
        }
        return first;
    }

    /** A heap keeps the room it once needed. */
    private void shrink() {
        PriorityQueue<Returned> smaller = new PriorityQueue<>(heap.size() + 1);
        smaller.addAll(heap);
        heap = smaller;
        most = heap.size();
    }

    /** Takes messages with their positions. */
    interface Visitor {
        void visit(Message message, long position);
    }

    void forEachWithPosition(Visitor visitor) {
        for (Returned each : heap) {
            visitor.visit(each.message, each.position);
        }
    }

    void forEach(Consumer<Message> visitor) {
        for (Returned each : heap) {
            visitor.accept(each.message);
        }
    }

    /** All of them, the oldest first. */
    List<Returned> inOrder() {
        return heap.stream().sorted().toList();
    }

    void clear() {
        heap = new PriorityQueue<>();
        most = 0;
    }
}
