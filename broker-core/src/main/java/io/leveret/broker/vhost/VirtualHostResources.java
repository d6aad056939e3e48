package io.leveret.broker.vhost;

import io.leveret.broker.definition.DefinitionStore;
import io.leveret.broker.exchange.ExchangeTypes;
import io.leveret.broker.exchange.QueueLookup;
import io.leveret.broker.journal.Journal;
import io.leveret.broker.journal.OwnerIds;
import io.leveret.broker.limit.Limits;
import io.leveret.broker.limit.MemoryInUse;
import io.leveret.broker.loop.EventLoops;
import org.jspecify.annotations.Nullable;

/**
 * What the virtual hosts of one broker share.
 *
 * @param writer changes all of them
 * @param loops where queues live
 * @param ids by which the journal knows queues and exchanges
 * @param journal where durable queues write; null if nothing outlives the process
 * @param memory where queues count what they hold
 * @param limits how many there may be of each thing
 * @param totals how many there are in all virtual hosts together
 * @param permits what may be declared
 * @param listeners who hear of queues
 * @param pseudoQueues finds what the default exchange reaches beside queues, the addresses of direct reply-to
 */
public record VirtualHostResources(
        ExchangeTypes types,
        TopologyWriter writer,
        DefinitionStore store,
        EventLoops loops,
        OwnerIds ids,
        @Nullable Journal journal,
        MemoryInUse memory,
        Limits limits,
        Totals totals,
        Permits permits,
        TopologyListeners listeners,
        QueueLookup pseudoQueues) {

    /** How much there is in all virtual hosts together. */
    public interface Totals {
        int queues();

        int exchanges();
    }

    /**
     * What may be declared.
     *
     * @param transientNonexclusiveQueues whether queues may be neither durable nor exclusive
     * @param queueMasterLocator whether queues may have that argument
     * @param defaultQueueType the type of queues whose declaration and virtual host name none
     */
    public record Permits(boolean transientNonexclusiveQueues, boolean queueMasterLocator, String defaultQueueType) {
        /** Everything, and classic queues by default. */
        public static final Permits ALL = new Permits(true, true, "classic");
    }
}
