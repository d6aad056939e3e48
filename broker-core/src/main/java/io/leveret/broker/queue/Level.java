package io.leveret.broker.queue;

import io.leveret.broker.consumer.Position;
import io.leveret.broker.journal.Pageable.Pressure;
import io.leveret.broker.message.Message;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ready messages of one priority: what came back first, in the order it was published, then what was never handed out.
 * Owned by the queue's loop.
 */
final class Level {
    private final ReadyMessages fresh;
    private final ReturnedMessages returned = new ReturnedMessages();
    private long nextPosition;
    /** Up to which place what was never handed out by this process counts as redelivered; {@link Message#NOWHERE} for none. */
    private long redeliveredUpTo = Message.NOWHERE;

    /** @param paging null when everything stays in memory */
    Level(@Nullable QueuePaging paging) {
        fresh = new ReadyMessages(paging);
    }

    boolean isEmpty() {
        return fresh.isEmpty() && returned.isEmpty();
    }

    void add(Message message) {
        fresh.add(message);
    }

    /** Adds a chunk that is paged out. */
    void addPagedOut(Chunk chunk) {
        fresh.addPagedOut(chunk);
    }

    /**
     * Takes note of what was handed out before the broker stopped.
     *
     * @param place of the last one that was, of those that were there
     */
    void redeliveredUpTo(long place) {
        redeliveredUpTo = place;
    }

    void giveBack(Message message, long position) {
        returned.add(message, position);
    }

    /** The message whose turn it is, left where it is; null when empty, or when it is not in memory. */
    @Nullable Message peek() {
        return returned.isEmpty() ? fresh.peek() : returned.peek().message();
    }

    /** Takes the message whose turn it is; there must be one. Null if it is not in memory: then it stays. */
    @Nullable Message remove() {
        if (!returned.isEmpty()) {
            return returned.remove().message();
        }
        Message message = fresh.remove();
        if (message != null) {
            nextPosition++;
        }
        return message;
    }

    /** Drops the message whose turn it is, which is not in memory; returns its place. */
    long drop() {
        nextPosition++;
        return fresh.drop();
    }

    /** The length of the body of the message whose turn it is; there must be one. */
    int bodyLength() {
        return returned.isEmpty()
                ? fresh.bodyLength()
                : returned.peek().message().bodyLength();
    }

    /** When the message whose turn it is is over; there must be one. */
    long deadlineMillis() {
        return returned.isEmpty()
                ? fresh.deadlineMillis()
                : returned.peek().message().deadlineMillis();
    }

    /** Has the message whose turn it is read back, and those behind it. */
    void readAhead() {
        fresh.readAhead();
    }

    void readHead() {
        fresh.readHead();
    }

    void letGo(Pressure pressure) {
        fresh.letGo(pressure);
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
        long next = fresh.isEmpty() ? Message.NOWHERE : fresh.place();
        return next != Message.NOWHERE && next <= redeliveredUpTo;
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
        fresh.forEachPlace(place -> {
            if (place != Message.NOWHERE) {
                first[0] = Math.min(first[0], place);
            }
        });
        return first[0] - 1;
    }

    /** The position of a message that doesn't have to wait; there is none that does. */
    long passingPosition() {
        return nextPosition++;
    }

    /** Shows what came back first, then the others. */
    void browse(Browse browse) {
        returned.inOrder().forEach(each -> browse.add(each.message(), Position.isRedelivered(each.position())));
        fresh.browse(browse, redeliveredUpTo);
    }

    void forEachPlace(LongConsumer visitor) {
        returned.forEach(message -> visitor.accept(message.place()));
        fresh.forEachPlace(visitor);
    }

    void clear() {
        fresh.clear();
        returned.clear();
        redeliveredUpTo = Message.NOWHERE;
    }
}
