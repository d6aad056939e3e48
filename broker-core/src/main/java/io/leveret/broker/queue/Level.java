package io.leveret.broker.queue;

import io.leveret.broker.consumer.Position;
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
    /** Up to which place what was never handed out by this process counts as redelivered; {@link Message#NOWHERE} for none. */
    private long redeliveredUpTo;

    boolean isEmpty() {
        return fresh.isEmpty() && returned.isEmpty();
    }

    void add(Message message) {
        fresh.add(message);
    }

    /**
     * Adds a message that was there when the broker stopped; before all that come later.
     *
     * @param upTo up to which place those of this level had been handed out before that
     */
    void addRecovered(Message message, long upTo) {
        fresh.add(message);
        if (message.place() <= upTo) {
            redeliveredUpTo = message.place();
        }
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
        if (!returned.isEmpty()) {
            return returned.peek().position();
        }
        return redeliveredUpTo == Message.NOWHERE ? nextPosition : recoveredPosition();
    }

    private long recoveredPosition() {
        if (isRedeliveredNext()) {
            return Position.redelivered(nextPosition);
        }
        redeliveredUpTo = Message.NOWHERE; // what was recovered is at the front, and has gone
        return nextPosition;
    }

    private boolean isRedeliveredNext() {
        Message next = fresh.peek();
        return next != null && next.place() != Message.NOWHERE && next.place() <= redeliveredUpTo;
    }

    /**
     * The greatest place in the journal that has been handed out, of what is there; {@link Message#NOWHERE} for none.
     *
     * @param allIsBack whether nothing is with a client
     */
    long handedOutUpTo(boolean allIsBack) {
        if (!allIsBack) {
            return placeBeforeFresh();
        }
        long[] upTo = {recoveredUpTo()};
        returned.forEachWithPosition((message, position) -> {
            if (Position.isRedelivered(position)) {
                upTo[0] = Math.max(upTo[0], message.place());
            }
        });
        return upTo[0];
    }

    private long recoveredUpTo() {
        return isRedeliveredNext() ? redeliveredUpTo : Message.NOWHERE;
    }

    /** Messages are handed out in the order of their places, so all that are before the first one left have been. */
    private long placeBeforeFresh() {
        if (recoveredUpTo() != Message.NOWHERE) {
            return redeliveredUpTo;
        }
        long[] first = {Long.MAX_VALUE};
        fresh.forEach(message -> {
            if (message.place() != Message.NOWHERE) {
                first[0] = Math.min(first[0], message.place());
            }
        });
        return first[0] - 1;
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
        redeliveredUpTo = Message.NOWHERE;
    }
}
