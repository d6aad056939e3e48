package io.leveret.broker.journal;

/** Waits to hear what became of a message that it handed to a queue. */
public interface EnqueueListener {

    /**
     * Called once for each message handed over, on the loop of the queue.
     *
     * @param tag as it was handed over with the message
     * @param accepted whether the queue has the message for good, on disk if it belongs there, or is rightly done with it
     *     already; false if the queue refused it or it could not be stored
     */
    void onEnqueued(long tag, boolean accepted);
}
