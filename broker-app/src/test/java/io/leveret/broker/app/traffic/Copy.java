package io.leveret.broker.app.traffic;

import java.util.EnumSet;
import java.util.Set;

/** What clients know of one message in one queue. */
final class Copy {
    /** Things that have happened to it. */
    enum Event {
        CONFIRMED,
        ROLLED_BACK,
        /** An ack or a reject may have reached the broker. */
        SETTLED,
        /** More than one. */
        SETTLED_BEFORE,
        REJECTED,
        /** The ack or reject has reached the disk: it must not be seen again. */
        OVER
    }

    final NumberedMessage message;
    final int bornIn;
    final Set<Event> events = EnumSet.noneOf(Event.class);
    int deliveries;
    int deliveredIn;
    boolean unacked;
    int settledIn;
    long settledNanos;
    long settledBeforeEnd;

    Copy(NumberedMessage message, int bornIn) {
        this.message = message;
        this.bornIn = bornIn;
    }

    boolean has(Event event) {
        return events.contains(event);
    }

    /** Whether the broker has promised to deliver it and was never told that it is done with. */
    boolean isOwed() {
        return has(Event.CONFIRMED) && !has(Event.SETTLED) && message.isPersistent();
    }
}
