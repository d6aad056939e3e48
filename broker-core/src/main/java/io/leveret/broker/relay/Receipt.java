package io.leveret.broker.relay;

import io.leveret.broker.journal.EnqueueListener;

/**
 * Waits until every queue that one message was sent on to has it for good, and settles then, in the journal, what it was sent
 * on from. A queue that refuses it has answered too; one that can't store it never does, so that the broker finds the original
 * again when it starts the next time. Made for each message that the journal has, by {@link LoopRelay#receipt}.
 *
 * <p>Owned by the loop of that relay; {@link #onEnqueued} is called by the loops of the queues.
 */
public final class Receipt implements EnqueueListener {
    private final LoopRelay home;
    private final long place;
    /** The answers to come; one more until all queues have been named. */
    private int open = 1;

    private boolean givenUp;

    Receipt(LoopRelay home, long place) {
        this.home = home;
        this.place = place;
    }

    LoopRelay home() {
        return home;
    }

    void expect() {
        open++;
    }

    /** It was sent to all queues it goes to; there may be none. */
    public void complete() {
        onAnswer();
    }

    void onAnswer() {
        if (--open == 0) {
            home.settle(place);
            home.onReceiptDone();
        }
    }

    private void giveUp() {
        if (!givenUp) {
            givenUp = true;
            home.onReceiptDone();
        }
    }

    /** @param loop the index of the loop on which this is called */
    @Override
    public void onEnqueued(long loop, boolean accepted) {
        if (accepted) {
            home.sibling((int) loop).answer(this);
        } else {
            home.loop().execute(this::giveUp);
        }
    }
}
