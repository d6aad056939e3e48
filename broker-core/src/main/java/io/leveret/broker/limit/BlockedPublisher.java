package io.leveret.broker.limit;

/** A connection that is not read from because it has published while an alarm was on. */
public interface BlockedPublisher {

    /** No alarm is on any more; called once, on the loop that has blocked it. */
    void onAlarmsCleared();
}
