package io.leveret.broker.exchange;

import io.leveret.broker.message.Message;
import java.util.List;

/**
 * The bindings of one exchange, arranged so that its type finds the matching ones fast, and whatever else the type keeps for
 * that exchange.
 *
 * <p>{@link #validate}, {@link #add}, {@link #remove} and {@link #deleted} are called by one thread, the writer of the
 * virtual host's topology; {@link #route} is called by all event loops, also in the middle of a change. A reader sees each
 * single binding whole or not at all, and every binding that is there from the beginning to the end of its call.
 * Implementations use no locks and never block.
 */
public interface BindingTable {
    /**
     * Refuses a binding that the type can't work with.
     *
     * @throws io.leveret.broker.error.AmqpError 406 with the type's text
     */
    default void validate(Binding binding) {}

    /** Adds a valid binding that is not in the table. The client's answer waits until this returns. Writer only. */
    void add(Binding binding);

    /** Removes a binding that is in the table. Writer only. */
    void remove(Binding binding);

    /**
     * The exchange is gone, its bindings having been removed: lets go of all that is kept for it. Publishes that began
     * earlier may still come. Writer only.
     */
    default void deleted() {}

    /**
     * Forgets the messages that the type keeps for the exchange, and goes on as before. Any thread.
     */
    default void purge() {}

    /**
     * Takes back what the journal had for this exchange when the broker stopped, the bindings being there again and before
     * anybody publishes. Not called if there is nothing.
     *
     * @param messages with their places and deadlines, in the order in which they were appended
     */
    default void recovered(List<Message> messages) {}

    /**
     * Finds the destinations of a message, by all of its keys, and gives them to the sink; repetitions are allowed. A type
     * that sends it on later gives a {@link MessageKeeper}. Any event loop.
     */
    void route(RoutedMessage message, DestinationSink sink);

    /**
     * Whether {@link #route} does nothing but look at the routing keys, each by itself or only the first, and gives the same
     * answer until the bindings change, so that the answer may be remembered by key.
     */
    boolean routesByKeyAlone();
}
