package io.leveret.broker.journal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers by which the journal knows what its entries belong to: queues, and exchanges that keep messages. None is given
 * twice as long as anything stored has it, so that a queue never inherits from a deleted one of the same name. Any thread.
 */
public final class OwnerIds {
    /** Of what nothing is stored for. */
    public static final long NONE = 0;

    private final AtomicLong last = new AtomicLong();

    /** A number that nothing has. */
    public long next() {
        return last.incrementAndGet();
    }

    /** Takes note that something stored has a number. */
    public void seen(long id) {
        last.accumulateAndGet(id, Math::max);
    }
}
