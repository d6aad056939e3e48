package io.leveret.broker.channel;

import io.leveret.broker.consumer.ChannelWindow;
import io.leveret.broker.consumer.Consumer;
import io.leveret.broker.consumer.Position;
import io.leveret.broker.error.AmqpError;
import io.leveret.broker.queue.QueueRef;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** How much a channel and each of its consumers may have outstanding ({@code basic.qos}). Owned by the channel. */
final class Prefetch {
    private final ClientConnection connection;
    private final Collection<ChannelConsumer> consumers;
    private final Unacked unacked;
    private int ofNextConsumer;
    private @Nullable ChannelWindow window;

    /**
     * @param consumers those of the channel now
     * @param unacked what the channel has outstanding
     */
    Prefetch(ClientConnection connection, Collection<ChannelConsumer> consumers, Unacked unacked) {
        this.connection = connection;
        this.consumers = consumers;
        this.unacked = unacked;
        this.ofNextConsumer = connection.settings().defaultPrefetch();
    }

    /** The limit of a consumer to come, 0 for none. */
    int ofNextConsumer() {
        return ofNextConsumer;
    }

    /** What all consumers share; null as long as nothing was. */
    @Nullable ChannelWindow window() {
        return window;
    }

    /** Sets a limit, as {@link Channel#qos} says. */
    void limit(long prefetchSize, int prefetchCount, boolean global) {
        if (prefetchSize != 0) {
            throw AmqpError.notImplemented("prefetch_size!=0 (" + prefetchSize + ")");
        }
        if (global && connection.settings().permitGlobalQos()) {
            limitAll(prefetchCount);
        } else {
            ofNextConsumer = prefetchCount;
            limitAll(0);
        }
    }

    /** Limits what all consumers share; 0 takes the limit away. */
    private void limitAll(int prefetchCount) {
        ChannelWindow current = window;
        if (prefetchCount > 0) {
            if (current == null) {
                current = new ChannelWindow(ChannelWindow.NO_LIMIT, 0);
                window = current;
            }
            if (!current.isLimited()) {
                current.take(markWindowed());
            }
            current.limit(prefetchCount);
        } else if (current != null) {
            current.limit(ChannelWindow.NO_LIMIT);
        } else {
            return;
        }
        tellQueues();
    }

    /** Marks what is outstanding as counted in the window, what waits for the client to read included. */
    private int markWindowed() {
        int marked = unacked.markWindowed();
        for (ChannelConsumer consumer : consumers) {
            marked += consumer.markHeldWindowed();
        }
        return marked;
    }

    /** Counts a delivery in the window that its queue has handed out before it heard of the window. */
    long windowed(ChannelConsumer consumer, long position) {
        if (window == null || Position.isWindowed(position) || consumer.isNoAck()) {
            return position;
        }
        window.take(1);
        return Position.windowed(position);
    }

    /** Deliveries that were counted in the window are outstanding no longer. */
    void release(int places) {
        if (window != null && window.release(places)) {
            tellQueues();
        }
    }

    private void tellQueues() {
        ChannelWindow current = window;
        for (ChannelConsumer each : consumers) {
            QueueRef queue = each.queue();
            Consumer consumer = each.consumer();
            if (queue != null && consumer != null) {
                connection.tell(queue, owned -> owned.onWindow(consumer, current));
            }
        }
    }
}
