package io.leveret.broker.vhost;

import io.leveret.broker.queue.QueueRef;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who hear of changes. All of it on the writer's thread, except {@link #remove}. */
public final class TopologyListeners {
    private static final Logger log = LoggerFactory.getLogger(TopologyListeners.class);

    private final List<TopologyListener> all = new CopyOnWriteArrayList<>();

    /** Tells somebody of what there is, and then of what changes. */
    public void add(TopologyListener listener, Iterable<VirtualHost> present) {
        all.add(listener);
        for (VirtualHost vhost : present) {
            added(vhost, listener);
        }
    }

    /** Tells somebody nothing more; a change that is under way may still come. */
    public void remove(TopologyListener listener) {
        all.remove(listener);
    }

    /** Tells that a virtual host is there, and what is in it. */
    public void added(VirtualHost vhost) {
        for (TopologyListener listener : all) {
            added(vhost, listener);
        }
    }

    private static void added(VirtualHost vhost, TopologyListener listener) {
        tell(listener, hearing -> {
            hearing.virtualHostAdded(vhost);
            vhost.queues().forEach(hearing::queueAdded);
        });
    }

    /** Tells that a virtual host is gone. */
    public void removed(VirtualHost vhost) {
        for (TopologyListener listener : all) {
            tell(listener, hearing -> hearing.virtualHostRemoved(vhost));
        }
    }

    void added(QueueRef queue) {
        for (TopologyListener listener : all) {
            tell(listener, hearing -> hearing.queueAdded(queue));
        }
    }

    void removed(QueueRef queue) {
        for (TopologyListener listener : all) {
            tell(listener, hearing -> hearing.queueRemoved(queue));
        }
    }

    /** A change that is done is not undone because somebody who only watches fails. */
    private static void tell(TopologyListener listener, Consumer<TopologyListener> news) {
        try {
            news.accept(listener);
        } catch (RuntimeException e) {
            log.error("a listener failed", e);
        }
    }
}
