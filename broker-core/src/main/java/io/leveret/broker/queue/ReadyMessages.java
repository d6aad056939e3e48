package io.leveret.broker.queue;

import io.leveret.broker.message.Message;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out list in chunks: it grows without copying what it holds and shrinks as it is emptied. Costs 4 bytes a
 * message beside the message itself. Owned by the queue's loop.
 */
final class ReadyMessages {
    private static final int FIRST_CHUNK = 8;
    private static final int CHUNK = 512;

    /** A run of messages; {@code next} is null in the last one. */
    private static final class Chunk {
        final Message[] messages;

        @Nullable Chunk next;

        Chunk(int length) {
            messages = new Message[length];
        }
    }

    private Chunk head = new Chunk(FIRST_CHUNK);
    private Chunk tail = head;
    private int headAt;
    private int tailAt;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Message message) {
        if (tailAt == tail.messages.length) {
            Chunk chunk = new Chunk(CHUNK);
            tail.next = chunk;
            tail = chunk;
            tailAt = 0;
        }
        tail.messages[tailAt++] = message;
        size++;
    }

    /** The oldest message, left where it is; null when empty. */
    @Nullable Message peek() {
        return size == 0 ? null : head.messages[headAt];
    }

    /** Takes the oldest message; there must be one. */
    @SuppressWarnings("NullAway") // a slot that was given back holds nothing; the next chunk exists while size > 0
    Message remove() {
        Message message = head.messages[headAt];
        head.messages[headAt++] = null;
        if (--size == 0) {
            headAt = 0;
            tailAt = 0;
            head = tail;
        } else if (headAt == head.messages.length) {
            head = head.next;
            headAt = 0;
        }
        return message;
    }

    void forEach(Consumer<Message> visitor) {
        for (Chunk chunk = head; chunk != null; chunk = chunk.next) {
            for (Message message : chunk.messages) {
                if (message != null) {
                    visitor.accept(message);
                }
            }
        }
    }

    void clear() {
        head = new Chunk(FIRST_CHUNK);
        tail = head;
        headAt = 0;
        tailAt = 0;
        size = 0;
    }
}
