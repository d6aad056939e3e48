package io.leveret.broker.exchange;

import org.jspecify.annotations.Nullable;

/** Finds a queue of one virtual host by its name; called by all event loops. */
@FunctionalInterface
public interface QueueLookup {
    @Nullable QueueDestination queue(String name);
}
