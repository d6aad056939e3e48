package io.leveret.broker.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * What holds a row in the table for the sake of its settlements: they say that entries of a segment are over, and the row of
 * that segment itself does not say so. Lifted when that row is written anew, says so, or goes. Owned by the journal's thread.
 */
final class Pin {
    private final Segment about;
    private List<Segment> waiting = List.of();
    private boolean lifted;

    Pin(Segment about) {
        this.about = about;
    }

    /** The segment whose entries are settled. */
    Segment about() {
        return about;
    }

    boolean isLifted() {
        return lifted;
    }

    /** A row without live entries waits for this to be lifted. */
    void await(Segment row) {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(1);
        }
        waiting.add(row);
    }

    /** Returns who has waited. */
    List<Segment> lift() {
        lifted = true;
        List<Segment> waited = waiting;
        waiting = List.of();
        return waited;
    }
}
