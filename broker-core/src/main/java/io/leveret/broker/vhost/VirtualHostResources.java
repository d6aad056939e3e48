package io.leveret.broker.vhost;

import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.QueueLookup;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoops;

/**
 * What the virtual hosts of one broker share.
 *
 * @param writer changes all of them
 * @param loops where queues live
 * @param memory where queues count what they hold
 * @param permitTransientNonexclusiveQueues whether such queues may be declared
 * @param pseudoQueues finds what the default exchange reaches beside queues, the addresses of direct reply-to
 */
public record VirtualHostResources(
        ExchangeTypes types,
        TopologyWriter writer,
        DefinitionStore store,
        EventLoops loops,
        MemoryInUse memory,
        boolean permitTransientNonexclusiveQueues,
        QueueLookup pseudoQueues) {}
