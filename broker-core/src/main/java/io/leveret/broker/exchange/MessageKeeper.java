package io.leveret.broker.exchange;

import io.leveret.broker.journal.EnqueueListener;
import io.leveret.broker.loop.EventLoop;
import io.leveret.broker.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Where an exchange keeps a message that it will send on later. A {@link BindingTable} gives it to the sink like a destination,
 * so that whoever has the message routed hands it over and may wait until it is stored; the alternate exchange is not asked. To
 * the publisher the message has been routed nowhere by this exchange.
 */
public interface MessageKeeper extends QueueDestination {

    /** Where the listener is called. */
    EventLoop loop();

    /**
     * Takes the message that was routed. Any thread; keeps the order of one thread.
     *
     * @param listener hears, on {@link #loop}, when the message is stored, if this returns true; null for nobody
     * @return whether the message has to be stored first; otherwise it is kept now as well as it will ever be
     */
    boolean keep(Message message, @Nullable EnqueueListener listener, long tag);

    /** Whether a message is routed to no queue. */
    static boolean isAllThereIs(QueueDestination[] destinations) {
        for (QueueDestination destination : destinations) {
            if (!(destination instanceof MessageKeeper)) {
                return false;
            }
        }
        return true;
    }
}
