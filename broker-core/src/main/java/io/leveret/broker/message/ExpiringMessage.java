package io.leveret.broker.message;

/** A message in one queue, with the time at which its stay there is over. Shares everything with the message it is of. */
final class ExpiringMessage extends Message {
    private final long deadlineMillis;

    ExpiringMessage(Message of, long deadlineMillis) {
        super(of);
        this.deadlineMillis = deadlineMillis;
    }

    @Override
    public long deadlineMillis() {
        return deadlineMillis;
    }
}
