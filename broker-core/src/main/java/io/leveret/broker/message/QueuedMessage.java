package io.leveret.broker.message;

/**
 * A message in one queue, with the time at which its stay there is over and its place in the journal. Shares everything with
 * the message it is of.
 */
final class QueuedMessage extends Message {
    private final long deadlineMillis;
    private final long place;

    QueuedMessage(Message of, long deadlineMillis, long place) {
        super(of);
        this.deadlineMillis = deadlineMillis;
        this.place = place;
    }

    @Override
    public long deadlineMillis() {
        return deadlineMillis;
    }

    @Override
    public long place() {
        return place;
    }
}
