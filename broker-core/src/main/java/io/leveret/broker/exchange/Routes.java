package io.leveret.broker.exchange;

/** The queues that a message was routed to, each once, in no particular order. Reused by one thread. */
public final class Routes {
    private final IdentityList<QueueDestination> queues = new IdentityList<>();
    private boolean dependsOnKeyAlone = true;

    public int size() {
        return queues.size();
    }

    /** The queue at {@code index}, from 0 to {@link #size()} - 1. */
    public QueueDestination get(int index) {
        return queues.get(index);
    }

    public boolean isEmpty() {
        return queues.size() == 0;
    }

    /** Forgets the queues; {@link Router#route} does so first. */
    public void clear() {
        queues.clear();
        dependsOnKeyAlone = true;
    }

    /**
     * Whether the same exchange and routing key, without extra keys, lead to the same queues until the topology of the
     * virtual host changes, so that this result may be cached.
     */
    public boolean dependsOnKeyAlone() {
        return dependsOnKeyAlone;
    }

    void add(QueueDestination queue) {
        queues.add(queue);
    }

    void dependOnMoreThanKey() {
        dependsOnKeyAlone = false;
    }
}
