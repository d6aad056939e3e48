package io.leveret.broker.queue;

import io.leveret.broker.message.Message;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ready messages of one priority: what came back first, in the order it was published, then what was never handed out.
 * Owned by the queue's loop.
 */
final class Level {
    private final ReadyMessages fresh = new ReadyMessages();
    private final ReturnedMessages returned = new ReturnedMessages();
    private long nextPosition;

    boolean isEmpty() {
        return fresh.isEmpty() && returned.isEmpty();
    }

    void add(Message message) {
        fresh.add(message);
    }

    void giveBack(Message message, long position) {
        returned.add(message, position);
    }

    /** The message whose turn it is, left where it is; null when empty. */
    @Nullable Message peek() {
        return returned.isEmpty() ? fresh.peek() : returned.peek().message();
    }

    /** Takes the message whose turn it is; there must be one. */
    Message remove() {
        if (returned.isEmpty()) {
            nextPosition++;
            return fresh.remove();
        }
        return returned.remove().message();
    }

    /** The position of the message whose turn it is; there must be one. */
    long position() {
        return returned.isEmpty() ? nextPosition : returned.peek().position();
    }

    /** The position of a message that doesn't have to wait; there is none that does. */
    long passingPosition() {
        return nextPosition++;
    }

    void forEach(Consumer<Message> visitor) {
        returned.forEach(visitor);
        fresh.forEach(visitor);
    }

    void clear() {
        fresh.clear();
        returned.clear();
    }
}
