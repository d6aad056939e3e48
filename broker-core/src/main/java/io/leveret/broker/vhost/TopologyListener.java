package io.leveret.broker.vhost;

import io.leveret.broker.queue.QueueRef;

/**
 * Hears of virtual hosts and queues as they come and go, on the thread that changes them, so it must be quick and wait for
 * nobody. Something may be told more than once: an import that brings a virtual host tells of its queues before and after it.
 */
public interface TopologyListener {

    /** It can be used. */
    void virtualHostAdded(VirtualHost vhost);

    /** It is gone; its queues are told as well. */
    void virtualHostRemoved(VirtualHost vhost);

    /** It can be used. */
    void queueAdded(QueueRef queue);

    /** It is gone. */
    void queueRemoved(QueueRef queue);
}
